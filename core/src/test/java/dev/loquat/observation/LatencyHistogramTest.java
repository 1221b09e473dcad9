package dev.loquat.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private static final long THREE_HOURS = Duration.ofHours(3).toNanos();
  private static final long LONGEST = (1L << 43) - 1;

  @Test
  void isExactForShortDurations() {
    LatencyPercentiles times = percentiles(LongStream.rangeClosed(1, 100).toArray());
    assertThat(times)
        .isEqualTo(
            new LatencyPercentiles(
                100,
                Duration.ofNanos(50),
                Duration.ofNanos(50),
                Duration.ofNanos(90),
                Duration.ofNanos(99),
                Duration.ofNanos(100)));
  }

  @Test
  void isZeroWithoutDurations() {
    Duration zero = Duration.ZERO;
    assertThat(percentiles()).isEqualTo(new LatencyPercentiles(0, zero, zero, zero, zero, zero));
  }

  @Test
  void countsWhatIsOutOfRangeAtItsEnds() {
    assertThat(percentiles(-5).p50()).isEqualTo(Duration.ZERO);
    assertThat(percentiles(THREE_HOURS).max()).isEqualTo(Duration.ofHours(3));
    assertThat(percentiles(THREE_HOURS).p50()).isEqualTo(Duration.ofNanos(LONGEST));
  }

  /** Against the sorted durations themselves. */
  @Property
  void isAtMostOnePercentAboveTheTruePercentile(
      @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 0, max = LONGEST) Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    LatencyPercentiles times = percentiles(values.stream().mapToLong(Long::longValue).toArray());
    assertNear(times.p50(), nearestRank(sorted, 50));
    assertNear(times.p90(), nearestRank(sorted, 90));
    assertNear(times.p99(), nearestRank(sorted, 99));
    assertThat(times.max().toNanos()).isEqualTo(sorted[sorted.length - 1]);
    assertThat(times.count()).isEqualTo(sorted.length);
    assertThat(times.mean().toNanos()).isEqualTo(LongStream.of(sorted).sum() / sorted.length);
  }

  private static void assertNear(Duration told, long trueNanos) {
    assertThat(told.toNanos()).isBetween(trueNanos, (long) (trueNanos * 1.01));
  }

  private static long nearestRank(long[] sorted, int percent) {
    return sorted[(sorted.length * percent + 99) / 100 - 1];
  }

  private static LatencyPercentiles percentiles(long... nanos) {
    LatencyHistogram histogram = new LatencyHistogram();
    LongStream.of(nanos).forEach(histogram::add);
    return histogram.percentiles();
  }
}
