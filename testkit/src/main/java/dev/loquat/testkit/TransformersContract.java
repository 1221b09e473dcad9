package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The second half of a backend's contract: it agrees with transformers, whose numbers for small
 * random models lie in the test kit. Extended like {@link BackendContract}.
 */
public abstract class TransformersContract extends ContractFixture {
  private static final int TOKENS = 128;
  private static final int CHUNKED = 70;
  private static final int LONGEST_CHUNK = 23;

  /** Creates the suite. */
  protected TransformersContract() {}

  @ParameterizedTest
  @EnumSource
  void agreesWithTransformersOrIsDeclaredUnsupported(TransformersModel model) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(emptyFolder()))) {
      if (supports(checkpoint)) {
        DecoderSession session = openBackend(checkpoint, Precision.FP32).openSession(layout(1));
        for (TransformersText text : model.texts()) {
          float[][] logits = forward(session, new ForwardRow(0, 0, text.ids(), text.ids().length));
          agrees(logits, text);
          agreesOnTheGreedyContinuation(session, logits[logits.length - 1], text);
        }
      } else {
        assertThatThrownBy(() -> openBackend(checkpoint, Precision.FP32))
            .isInstanceOfAny(UnsupportedModelException.class, BackendException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void agreesInChunksAndSingleTokens(TransformersModel model) throws IOException {
    DecoderSession session = openSupported(model, layout(1));
    for (TransformersText text : model.texts()) {
      agrees(piecewise(session, text.ids()), text);
    }
  }

  @ParameterizedTest
  @EnumSource
  void agreesInARaggedBatch(TransformersModel model) throws IOException {
    List<TransformersText> texts = model.texts();
    DecoderSession session = openSupported(model, layout(texts.size()));
    float[][] logits = forward(session, wholeTexts(texts));
    int first = 0;
    for (TransformersText text : texts) {
      int end = first + text.ids().length;
      agrees(Arrays.copyOfRange(logits, first, end), text);
      first = end;
    }
  }

  private DecoderSession openSupported(TransformersModel model, CacheLayout layout)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(emptyFolder()))) {
      assumeTrue(supports(checkpoint), () -> model + " is declared unsupported");
      return openBackend(checkpoint, Precision.FP32).openSession(layout);
    }
  }

  private boolean supports(Checkpoint checkpoint) {
    return provider().supports(checkpoint.config(), device(), Precision.FP32)
        instanceof Support.Supported;
  }

  /** Chunks of many lengths at first, then single tokens. */
  private static float[][] piecewise(DecoderSession session, int[] ids) {
    float[][] logits = new float[ids.length][];
    int position = 0;
    while (position < ids.length) {
      int length = position < CHUNKED ? 1 + position % LONGEST_CHUNK : 1;
      int[] piece = Arrays.copyOfRange(ids, position, Math.min(position + length, ids.length));
      float[][] part = forward(session, new ForwardRow(0, position, piece, piece.length));
      System.arraycopy(part, 0, logits, position, piece.length);
      position += piece.length;
    }
    return logits;
  }

  /** The last text in the first slot. */
  private static ForwardRow[] wholeTexts(List<TransformersText> texts) {
    return IntStream.range(0, texts.size())
        .mapToObj(
            index -> {
              int[] ids = texts.get(index).ids();
              return new ForwardRow(texts.size() - 1 - index, 0, ids, ids.length);
            })
        .toArray(ForwardRow[]::new);
  }

  private void agrees(float[][] logits, TransformersText text) {
    agreesAfterTheLastToken(logits, text);
    agreesOnTheLikeliestTokens(logits, text);
    agreesOnTheTextItself(logits, text);
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
      row = forward(session, new ForwardRow(0, text.ids().length + step, token, 1))[0];
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

  private static CacheLayout layout(int slots) {
    return new CacheLayout(slots, TOKENS);
  }

  /** {@code [logitsRows][vocabulary]}. */
  private static float[][] forward(DecoderSession session, ForwardRow... batch) {
    Logits logits = session.forward(new ForwardBatch(List.of(batch)));
    float[][] rows = new float[logits.rows()][logits.vocabularySize()];
    for (int i = 0; i < rows.length; i++) {
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
