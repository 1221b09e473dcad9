package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardRow;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Agreement with transformers on small checkpoints: plain rotary, Llama 3's, YaRN's and linear
 * scaling with biases, tied and untied heads, sliding windows shorter than the texts.
 */
class FamilyParityTest {
  private static final float TOLERANCE = 1e-3f;

  @ParameterizedTest
  @ValueSource(
      strings = {"llama", "llama3-rope", "llama-linear-rope", "yarn-rope", "mistral-sliding"})
  void agreesWithTransformersComputedAtOnce(String family) {
    try (Checkpoint checkpoint = Checkpoint.open(ReferenceCase.folder("families/" + family));
        Backend backend = open(checkpoint);
        DecoderSession session = backend.openSession(new CacheLayout(2, 256))) {
      for (ReferenceCase reference : ReferenceCase.all("families/" + family + "/reference.json")) {
        int[] ids = reference.ids();
        assertAgrees(reference, Steps.forward(session, new ForwardRow(1, 0, ids, ids.length)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"llama", "llama3-rope", "llama-linear-rope", "yarn-rope", "mistral-sliding"})
  void agreesWithTransformersInChunksAndSingleTokens(String family) {
    try (Checkpoint checkpoint = Checkpoint.open(ReferenceCase.folder("families/" + family));
        Backend backend = open(checkpoint);
        DecoderSession session = backend.openSession(new CacheLayout(2, 256))) {
      for (ReferenceCase reference : ReferenceCase.all("families/" + family + "/reference.json")) {
        assertAgrees(reference, piecewise(session, reference.ids()));
      }
    }
  }

  private static float[][] piecewise(DecoderSession session, int[] ids) {
    float[][] logits = new float[ids.length][];
    int position = 0;
    while (position < ids.length) {
      int length = position % 3 == 0 ? Math.min(5, ids.length - position) : 1;
      int[] piece = Arrays.copyOfRange(ids, position, position + length);
      float[][] rows = Steps.forward(session, new ForwardRow(0, position, piece, length));
      System.arraycopy(rows, 0, logits, position, length);
      position += length;
    }
    return logits;
  }

  private static void assertAgrees(ReferenceCase reference, float[][] logits) {
    int[] ids = reference.ids();
    assertThat(logits[ids.length - 1])
        .containsExactly(reference.floats("lastLogits"), within(TOLERANCE));
    float[] next = reference.floats("logprobOfNext");
    for (int i = 0; i + 1 < ids.length; i++) {
      assertThat((float) Steps.logProbabilities(logits[i])[ids[i + 1]])
          .isCloseTo(next[i], within(TOLERANCE));
    }
  }

  private static Backend open(Checkpoint checkpoint) {
    return new OnnxBackendProvider()
        .open(checkpoint, new BackendOptions(Device.cpu(), Precision.FP32, 2));
  }
}
