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

class DurationsTest {

  @Test
  void takesTheNearestRank() {
    Durations hundred = Durations.of(LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray());
    assertThat(hundred.p50()).isEqualTo(Duration.ofNanos(50));
    assertThat(hundred.p99()).isEqualTo(Duration.ofNanos(99));
    assertThat(Durations.of(7, 3, 5).p50()).isEqualTo(Duration.ofNanos(5));
    assertThat(Durations.of(7, 3, 5).p99()).isEqualTo(Duration.ofNanos(7));
    assertThat(Durations.of(4, 2).p50()).isEqualTo(Duration.ofNanos(2));
  }

  @Test
  void isZeroWithoutDurations() {
    assertThat(Durations.of().p50()).isEqualTo(Duration.ZERO);
    assertThat(Durations.of().p99()).isEqualTo(Duration.ZERO);
    assertThat(Durations.of().nanos()).isEmpty();
  }

  @Test
  void copiesWhatItIsGiven() {
    long[] nanos = {2, 1};
    Durations durations = Durations.of(nanos);
    nanos[0] = 9;
    assertThat(durations.nanos()).containsExactly(1L, 2L);
  }

  /** The least duration that enough of them do not exceed. */
  @Property
  void leavesNoMoreThanTheRestAbove(
      @ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = 50) Long> values) {
    long[] nanos = values.stream().mapToLong(Long::longValue).toArray();
    Durations durations = Durations.of(nanos);
    assertThat(durations.p50().toNanos()).isEqualTo(least(nanos, 50));
    assertThat(durations.p99().toNanos()).isEqualTo(least(nanos, 99));
  }

  private static long least(long[] nanos, int percent) {
    return LongStream.of(nanos)
        .filter(limit -> 100 * countUpTo(nanos, limit) >= (long) percent * nanos.length)
        .min()
        .orElseThrow();
  }

  private static long countUpTo(long[] nanos, long limit) {
    return LongStream.of(nanos).filter(value -> value <= limit).count();
  }
}
