package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.io.IOException;
import java.util.Arrays;
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
