package dev.loquat.observation;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Some durations, with where their middle and their end lie, by nearest rank.
 *
 * <p>Immutable.
 */
public final class Durations {
  private final long[] nanos; // ascending

  private Durations(long[] nanos) {
    this.nanos = nanos;
  }

  /**
   * Sorts durations.
   *
   * @param nanos the durations in nanoseconds, in any order; copied
   * @return the durations
   */
  public static Durations of(long... nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Durations(sorted);
  }

  /**
   * Half of them are no longer.
   *
   * @return the duration; zero if there are none
   */
  public Duration p50() {
    return rank(50);
  }

  /**
   * 99 of 100 are no longer.
   *
   * @return the duration; zero if there are none
   */
  public Duration p99() {
    return rank(99);
  }

  /**
   * All of them.
   *
   * @return nanoseconds, ascending
   */
  public LongStream nanos() {
    return Arrays.stream(nanos);
  }

  private Duration rank(int percent) {
    if (nanos.length == 0) {
      return Duration.ZERO;
    }
    int rank = (int) Math.ceil(percent / 100.0 * nanos.length);
    return Duration.ofNanos(nanos[rank - 1]);
  }
}
