package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.error.UnsupportedModelException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The second half of a backend's contract: it agrees with transformers, whose numbers for small
 * random models lie in the test kit. Extended like {@link BackendContract}.
 */
public abstract class TransformersContract extends ContractFixture {
  private static final int TOKENS = 128;

  /** Creates the suite. */
  protected TransformersContract() {}

  @ParameterizedTest
  @EnumSource
  void agreesWithTransformersOrIsDeclaredUnsupported(TransformersModel model) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(emptyFolder()))) {
      if (provider().supports(checkpoint.config(), device(), Precision.FP32)
          instanceof Support.Supported) {
        agrees(model, checkpoint);
      } else {
        assertThatThrownBy(() -> openBackend(checkpoint, Precision.FP32))
            .isInstanceOfAny(UnsupportedModelException.class, BackendException.class);
      }
    }
  }

  private void agrees(TransformersModel model, Checkpoint checkpoint) throws IOException {
    CacheLayout layout = new CacheLayout(1, TOKENS);
    DecoderSession session = openBackend(checkpoint, Precision.FP32).openSession(layout);
    for (TransformersText text : model.texts()) {
      float[][] logits = forward(session, 0, text.ids(), text.ids().length);
      agreesAfterTheLastToken(logits, text);
      agreesOnTheLikeliestTokens(logits, text);
      agreesOnTheTextItself(logits, text);
      agreesOnTheGreedyContinuation(session, logits[logits.length - 1], text);
    }
  }

  private void agreesAfterTheLastToken(float[][] logits, TransformersText text) {
    double[] expected = text.lastLogits();
    float[] actual = logits[logits.length - 1];
    for (int token = 0; token < expected.length; token++) {
      assertClose(actual[token], expected[token], "logit of token " + token, text);
    }
  }

  private void agreesOnTheLikeliestTokens(float[][] logits, TransformersText text) {
    int[] expected = text.likeliest();
    for (int position = 0; position < expected.length; position++) {
      float[] row = logits[position];
      double lead = row[likeliest(row)] - row[expected[position]];
      assertClose(lead, 0, "lead over transformers' choice at " + position, text);
    }
  }

  private void agreesOnTheTextItself(float[][] logits, TransformersText text) {
    double[] expected = text.logProbabilitiesOfNext();
    int[] ids = text.ids();
    for (int position = 0; position < expected.length; position++) {
      double actual = logProbability(logits[position], ids[position + 1]);
      assertClose(actual, expected[position], "log-probability after " + position, text);
    }
  }

  /** Decodes until the first and second choice are too close to tell apart. */
  private void agreesOnTheGreedyContinuation(
      DecoderSession session, float[] afterPrompt, TransformersText text) {
    int[] expected = text.greedy();
    double[] lead = text.greedyLead();
    float[] row = afterPrompt;
    for (int step = 0; step < expected.length && lead[step] > 2 * tolerance(); step++) {
      assertThat(likeliest(row)).as("greedy step %s of %s", step, text).isEqualTo(expected[step]);
      int[] token = {expected[step]};
      row = forward(session, text.ids().length + step, token, 1)[0];
    }
  }

  private void assertClose(double actual, double expected, String what, TransformersText text) {
    assertThat(Math.abs(actual - expected))
        .as("%s of %s is %s, transformers has %s", what, text, actual, expected)
        .isLessThanOrEqualTo(tolerance());
  }

  private double tolerance() {
    return tolerance(Precision.FP32);
  }

  /** {@code [logitsCount][vocabulary]}. */
  private static float[][] forward(DecoderSession session, int position, int[] tokens, int count) {
    ForwardRow row = new ForwardRow(0, position, tokens, count);
    Logits logits = session.forward(new ForwardBatch(List.of(row)));
    float[][] rows = new float[count][logits.vocabularySize()];
    for (int i = 0; i < count; i++) {
      logits.read(i, rows[i]);
    }
    return rows;
  }

  private static int likeliest(float[] row) {
    int best = 0;
    for (int token = 1; token < row.length; token++) {
      best = row[token] > row[best] ? token : best;
    }
    return best;
  }

  private static double logProbability(float[] row, int token) {
    double highest = row[likeliest(row)];
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit - highest);
    }
    return row[token] - highest - Math.log(sum);
  }
}
