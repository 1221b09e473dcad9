package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlidingWindowTest {
  private static final float TOLERANCE = 2e-5f;

  @TempDir Path folder;

  @Test
  void windowOfOneSeesNothingButTheTokenItself() {
    try (Backend backend = open(2, 1);
        DecoderSession session = backend.openSession(new CacheLayout(2, 16))) {
      float[] alone = Steps.last(session, 0, 7);
      assertThat(Steps.last(session, 1, 5, 9, 7)).containsExactly(alone, within(TOLERANCE));
      assertThat(Steps.forward(session, Steps.row(1, 3, 7))[0])
          .containsExactly(alone, within(TOLERANCE));
    }
  }

  /** A layer with a window of 3 sees two tokens back. */
  @Test
  void tokensBeforeTheWindowChangeNothing() {
    try (Backend backend = open(1, 3);
        DecoderSession session = backend.openSession(new CacheLayout(2, 16))) {
      float[] one = Steps.last(session, 0, 1, 2, 30, 31, 32);
      assertThat(Steps.last(session, 0, 3, 4, 30, 31, 32)).containsExactly(one, within(TOLERANCE));
      assertThat(Steps.last(session, 0, 1, 2, 33, 31, 32)[0]).isNotCloseTo(one[0], within(1e-4f));
    }
  }

  @Test
  void raggedRowsOfOneStepSeeTheirOwnWindows() {
    try (Backend backend = open(2, 3);
        DecoderSession session = backend.openSession(new CacheLayout(4, 16))) {
      float[] first = Steps.last(session, 0, 1, 2, 3, 4, 5, 6, 7);
      float[] second = Steps.last(session, 0, 8, 9);
      Steps.last(session, 1, 1, 2, 3, 4, 5, 6);
      Steps.last(session, 3, 8);
      float[][] together = Steps.forward(session, Steps.row(3, 1, 9), Steps.row(1, 6, 7));
      assertThat(together[0]).containsExactly(second, within(TOLERANCE));
      assertThat(together[1]).containsExactly(first, within(TOLERANCE));
    }
  }

  private Backend open(int layers, int window) {
    return new OnnxBackendProvider()
        .open(
            RandomCheckpoint.write(RandomCheckpoint.model(layers, false, window), folder),
            new BackendOptions(Device.cpu(), Precision.FP32, 1));
  }
}
