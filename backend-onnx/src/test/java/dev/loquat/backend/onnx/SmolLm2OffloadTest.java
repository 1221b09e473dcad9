package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.quantization.ConversionCache;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real model takes of memory while its 538 MB of weights in FP32 stay on disk. */
class SmolLm2OffloadTest {
  private static final long LIMIT = 250_000_000;
  private static final CacheLayout LAYOUT = new CacheLayout(1, 256);

  @TempDir private Path folder;

  @Test
  void staysWithinALimitThatItsWeightsWouldPass() throws IOException {
    Path model = SmolLm2.folder();
    BackendOptions options =
        new BackendOptions(Device.disk(), Precision.FP32, 2, ConversionCache.in(folder));
    OnnxBackendProvider provider = new OnnxBackendProvider();
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      long planned = planned(provider.estimate(checkpoint, options, new PlannedUse(LAYOUT, 32)));
      assertThat(planned).isLessThan(LIMIT);
      provider.open(checkpoint, options).close();
      System.gc();
      long before = Resident.ownBytes();
      try (Backend backend = provider.open(checkpoint, options);
          DecoderSession session = backend.openSession(LAYOUT)) {
        Steps.last(session, 0, 504, 3575, 282);
        assertThat(Resident.ownBytes() - before).isLessThan(planned);
        assertThat(backend.allocatedBytes()).isLessThan(planned);
      }
    }
  }

  private static long planned(MemoryEstimate estimate) {
    return estimate.weightBytes()
        + estimate.cacheBytes()
        + estimate.steps().bytes()
        + estimate.codeBytes();
  }
}
