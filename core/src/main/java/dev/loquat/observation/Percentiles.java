package dev.loquat.observation;

import java.time.Duration;
import java.util.Arrays;

/**
 * Where the middle and the end of some durations lie, by nearest rank.
 *
 * @param p50 half of them are no longer
 * @param p99 99 of 100 are no longer
 */
public record Percentiles(Duration p50, Duration p99) {

  /**
   * The percentiles of durations.
   *
   * @param nanos the durations in nanoseconds, in any order; not changed
   * @return zeros if there are none
   */
  public static Percentiles of(long... nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Percentiles(rank(sorted, 50), rank(sorted, 99));
  }

  private static Duration rank(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return Duration.ZERO;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return Duration.ofNanos(sorted[rank - 1]);
  }
}
