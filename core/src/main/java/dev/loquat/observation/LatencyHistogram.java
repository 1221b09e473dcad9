package dev.loquat.observation;

import java.time.Duration;

/**
 * Counts durations in buckets: exact below 128 ns, then 128 for each doubling, so that a bucket is
 * less than 1 % wide. About 40 KB, however many durations it counts.
 *
 * <p>Not thread-safe.
 */
final class LatencyHistogram {
  private static final int BITS = 7;
  private static final int BUCKETS_PER_DOUBLING = 1 << BITS;

  /** Whatever is longer than 2.4 hours counts in the last bucket. */
  private static final int LONGEST_BITS = 43;

  private final long[] counts =
      new long[BUCKETS_PER_DOUBLING * (LONGEST_BITS - BITS + 1)]; // by duration, ascending

  private long count;
  private long totalNanos;
  private long maxNanos;

  /** Counts a duration; one below zero counts as zero. */
  void add(long nanos) {
    long counted = Math.max(0, nanos);
    counts[bucket(Math.min(counted, (1L << LONGEST_BITS) - 1))]++;
    count++;
    totalNanos += counted;
    maxNanos = Math.max(maxNanos, counted);
  }

  LatencyPercentiles percentiles() {
    return new LatencyPercentiles(
        count,
        Duration.ofNanos(count == 0 ? 0 : totalNanos / count),
        rank(50),
        rank(90),
        rank(99),
        Duration.ofNanos(maxNanos));
  }

  private Duration rank(int percent) {
    long rank = (count * percent + 99) / 100;
    int bucket = 0;
    long passed = counts[0];
    while (passed < rank) {
      passed += counts[++bucket];
    }
    return Duration.ofNanos(Math.min(longest(bucket), maxNanos));
  }

  private static int bucket(long nanos) {
    int doublings = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - BITS - 1);
    return doublings * BUCKETS_PER_DOUBLING + (int) (nanos >> doublings);
  }

  /** The longest duration that counts in a bucket. */
  private static long longest(int bucket) {
    int doublings = Math.max(0, bucket / BUCKETS_PER_DOUBLING - 1);
    long leading = bucket - (long) doublings * BUCKETS_PER_DOUBLING;
    return ((leading + 1) << doublings) - 1;
  }
}
