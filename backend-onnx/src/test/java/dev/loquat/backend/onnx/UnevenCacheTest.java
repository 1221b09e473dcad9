package dev.loquat.backend.onnx;

import static dev.loquat.backend.onnx.Steps.last;
import static dev.loquat.backend.onnx.Steps.row;
import static dev.loquat.backend.onnx.Steps.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.onnx.binding.RationedMemory;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.MemoryLedger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache that grows from 256 positions, when memory runs out between the tensors of its layers.
 */
class UnevenCacheTest {
  private static final CacheLayout LAYOUT = new CacheLayout(2, 1024);
  private static final int VOCABULARY = 64;
  private static final int[] LONG = tokens(300, 3, VOCABULARY);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  /** Three layers have six tensors, of which two move before there is no memory, nor to go back. */
  @Test
  void sessionGoesOnWhereLayersHaveDifferentRoom() throws OrtException {
    RationedMemory memory = new RationedMemory();
    try (OnnxBackend backend = backend();
        DecoderSession undisturbed = backend.openSession(LAYOUT);
        DecoderSession session =
            new OnnxSession(
                memory.under(backend.decoder()),
                WeightFiles.of(List.of(), List.of()),
                LAYOUT,
                MemoryLedger.unlimited(),
                closed -> {})) {
      float[] expected = last(undisturbed, 0, LONG);
      last(session, 0, Arrays.copyOf(LONG, 250));
      memory.allow(2);
      assertThatExceptionOfType(OutOfMemoryException.class)
          .isThrownBy(() -> Steps.forward(session, rest()));
      assertThatExceptionOfType(OutOfMemoryException.class)
          .as("a short step of another slot, as long as there is no memory")
          .isThrownBy(() -> last(session, 1, 5));
      memory.allow(Integer.MAX_VALUE);
      assertThat(Steps.forward(session, rest())[0]).containsExactly(expected, closely());
      assertThat(last(session, 1, 5)).containsExactly(last(undisturbed, 1, 5), closely());
    }
  }

  private static Offset<Float> closely() {
    return within(2e-5f);
  }

  private static ForwardRow rest() {
    return row(0, 250, Arrays.copyOfRange(LONG, 250, 300));
  }

  private OnnxBackend backend() {
    return (OnnxBackend)
        new OnnxBackendProvider()
            .open(
                RandomCheckpoint.write(RandomCheckpoint.model(3, true, 0), folder),
                new BackendOptions(Device.cpu(), Precision.FP32, 2));
  }
}
