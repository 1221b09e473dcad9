package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.testkit.reference.ReferenceDraw;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real model by every way to the runtime, while its cache grows and a slot is copied. */
class SmolLm2RunPathsTest {
  private static final int VOCABULARY = 49152;

  @ParameterizedTest
  @EnumSource(
      value = RunMode.class,
      names = {"PINNED", "ON_DEVICE"})
  void givesTheSameLogits(RunMode mode) throws IOException {
    float[][] expected = logits(RunMode.AUTO);
    float[][] actual = logits(mode);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).containsExactly(expected[i], within(1e-3f));
    }
    assertThat(expected[2]).as("a copied slot").containsExactly(expected[1], within(1e-3f));
  }

  @Test
  void drawsFromAllOfAVocabulary() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(SmolLm2.folder());
        Backend backend = open(checkpoint, RunMode.ON_DEVICE);
        DecoderSession session = backend.openSession(new CacheLayout(1, 64))) {
      ForwardRow row = new ForwardRow(0, 0, new int[] {504, 3575, 282}, 2);
      Logits logits = session.forward(new ForwardBatch(List.of(row)));
      List<TokenDraw> draws = draws();
      int[] tokens = logits.draw(draws);
      float[] numbers = new float[VOCABULARY];
      for (int i = 0; i < tokens.length; i++) {
        logits.read(draws.get(i).row(), numbers);
        assertThat(ReferenceDraw.possible(numbers, draws.get(i), 1e-9))
            .as("%s", draws.get(i))
            .contains(tokens[i]);
      }
    }
  }

  private static List<TokenDraw> draws() {
    return List.of(
        new TokenDraw(0, 1, 1, 1, 0, 0),
        new TokenDraw(1, 1, 0, 1, 0, 0.999),
        new TokenDraw(0, 1.7, 0, 1, 0, 0.6),
        new TokenDraw(1, 0.8, 40, 0.95, 0.05, 0.7),
        new TokenDraw(0, 0.3, 0, 0.9, 0, 0.99),
        new TokenDraw(1, 2, 30_000, 1, 0, 0.9));
  }

  /** Behind 200 tokens, behind 300, for which the cache grows, and behind 300 in a copied slot. */
  private static float[][] logits(RunMode mode) throws IOException {
    int[] tokens = Steps.tokens(301, 1, VOCABULARY);
    try (Checkpoint checkpoint = Checkpoint.open(SmolLm2.folder());
        Backend backend = open(checkpoint, mode);
        DecoderSession session = backend.openSession(new CacheLayout(3, 600))) {
      float[] early = Steps.last(session, 1, Arrays.copyOf(tokens, 200));
      Steps.forward(session, Steps.row(1, 200, Arrays.copyOfRange(tokens, 200, 300)));
      session.copySlot(1, 2, 300);
      float[][] together =
          Steps.forward(session, Steps.row(1, 300, tokens[300]), Steps.row(2, 300, tokens[300]));
      return new float[][] {early, together[0], together[1]};
    }
  }

  private static Backend open(Checkpoint checkpoint, RunMode mode) {
    return new OnnxBackendProvider(mode)
        .open(checkpoint, new BackendOptions(Device.cpu(), Precision.FP32, 2));
  }
}
