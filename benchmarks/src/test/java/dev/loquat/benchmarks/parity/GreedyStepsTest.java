package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreedyStepsTest {
  private static final Tolerance TOLERANCE = new Tolerance(2e-3, 1e-3);

  private final StringWriter reports = new StringWriter();
  private final Tally tally = new Tally(new PrintWriter(reports));

  @Test
  void followsEveryStepThatAgrees() {
    assertThat(follow(List.of(4, 5, 6), List.of(1.0, 1.0, 1.0))).hasSize(3);
    assertThat(tally.mismatches()).isZero();
  }

  @Test
  void stopsWhereTheReferenceIsTooCloseToCall() {
    assertThat(follow(List.of(4, 9, 9), List.of(1.0, 0.0005, 1.0))).hasSize(1);
    assertThat(tally.mismatches()).isZero();
  }

  @Test
  void reportsTheFirstStepThatDiffersAndStops() {
    assertThat(follow(List.of(4, 9, 9), List.of(1.0, 1.0, 1.0))).hasSize(2);
    assertThat(tally.mismatches()).isEqualTo(1);
    assertThat(reports.toString()).contains("step 1 is 5; expected 9");
  }

  @Test
  void comparesTokensUpToTheFirstThatIsTooCloseToCall() {
    GreedySteps steps = new GreedySteps(List.of(4, 5, 6), List.of(1.0, 1.0, 0.0005));
    steps.compare(List.of(4, 5, 9), TOLERANCE, tally);
    assertThat(tally.mismatches()).isZero();
    steps.compare(List.of(4), TOLERANCE, tally);
    assertThat(tally.mismatches()).isEqualTo(1);
    assertThat(reports.toString()).contains("ids are [4]; expected [4, 5]");
  }

  private List<LogProbs> follow(List<Integer> ids, List<Double> gap) {
    try (Scorer scorer = new Scorer(new Counter(), 8)) {
      return new GreedySteps(ids, gap).follow(scorer, List.of(2, 3), TOLERANCE, tally);
    }
  }

  /** A model of ten tokens that expects the next number. */
  private static final class Counter implements Backend, DecoderSession, Logits {
    private int next;

    @Override
    public Logits forward(ForwardBatch batch) {
      next = batch.rows().get(0).token(batch.rows().get(0).length() - 1) + 1;
      return this;
    }

    @Override
    public void read(int row, float[] destination) {
      destination[next] = 1;
    }

    @Override
    public int rows() {
      return 1;
    }

    @Override
    public int vocabularySize() {
      return 10;
    }

    @Override
    public DecoderSession openSession(CacheLayout layout) {
      return this;
    }

    @Override
    public CacheLayout layout() {
      return new CacheLayout(1, 8);
    }

    @Override
    public EffectivePrecision precision() {
      return EffectivePrecision.asRequested(Precision.FP32);
    }

    @Override
    public long allocatedBytes() {
      return 0;
    }

    @Override
    public void copySlot(int from, int to, int tokens) {}

    @Override
    public void emptyCache() {}

    @Override
    public void close() {}
  }
}
