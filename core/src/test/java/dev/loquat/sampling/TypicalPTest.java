package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TypicalPTest {
  private static final int VOCABULARY = 50_000;

  @Test
  void comparesEqualCandidatesAFewTimesOnly() {
    Candidates candidates = new Candidates();
    candidates.reset(new float[VOCABULARY], 0);
    AtomicLong comparisons = new AtomicLong();
    MassSelection.Order order = TypicalP.byStrangeness(candidates, 0);

    int kept =
        MassSelection.select(
            candidates,
            (index, other) -> {
              comparisons.incrementAndGet();
              return order.isBefore(index, other);
            },
            0.9);

    assertThat(kept).isBetween((int) (0.9 * VOCABULARY), (int) (0.9 * VOCABULARY) + 1);
    assertThat(comparisons.get()).isLessThan(20L * VOCABULARY);
  }
}
