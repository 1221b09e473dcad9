package dev.loquat.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunningStreamTest {
  private static final List<Long> TIMES = List.of(1_000_000_000L, 2_000_000_000L, 5_000_000_000L);

  @Test
  void countsAGapWhereItEnds() {
    assertThat(RunningStream.gapSeconds(TIMES, 2_000_000_000L, 5_000_000_000L))
        .containsExactly(3.0);
    assertThat(RunningStream.gapSeconds(TIMES, 0, 4_000_000_000L)).containsExactly(1.0);
  }
}
