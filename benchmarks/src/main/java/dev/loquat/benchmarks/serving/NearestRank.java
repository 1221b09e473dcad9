package dev.loquat.benchmarks.serving;

import java.util.List;

/** A percentile by nearest rank. */
final class NearestRank {
  private static final double NONE = -1;

  private NearestRank() {}

  /** The value that so many percent do not exceed; -1 if there are none. */
  static double of(List<Double> values, int percent) {
    int rank = (int) Math.ceil(values.size() * percent / 100.0);
    return values.stream().sorted().skip(Math.max(rank, 1) - 1L).findFirst().orElse(NONE);
  }
}
