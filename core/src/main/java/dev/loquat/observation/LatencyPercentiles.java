package dev.loquat.observation;

import java.time.Duration;
import java.util.Objects;

/**
 * Where many durations lie. Percentiles are by nearest rank, from a histogram: at most 1 % above
 * the true one and never below it. Mean and maximum are exact. All are zero if there are none.
 *
 * @param count how many
 * @param mean their mean
 * @param p50 half of them are no longer
 * @param p90 90 of 100 are no longer
 * @param p99 99 of 100 are no longer
 * @param max the longest
 */
public record LatencyPercentiles(
    long count, Duration mean, Duration p50, Duration p90, Duration p99, Duration max) {

  /** Checks for nulls. */
  public LatencyPercentiles {
    Objects.requireNonNull(mean, "mean");
    Objects.requireNonNull(p50, "p50");
    Objects.requireNonNull(p90, "p90");
    Objects.requireNonNull(p99, "p99");
    Objects.requireNonNull(max, "max");
  }
}
