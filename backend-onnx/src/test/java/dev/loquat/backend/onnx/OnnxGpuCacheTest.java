package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.Precision;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the KV cache of a model on a GPU lies: in the GPU's memory, and not in the process's. */
@Tag("gpu")
class OnnxGpuCacheTest {
  private static final Device GPU = Device.cuda(0);
  private static final CacheLayout LAYOUT = new CacheLayout(8, 4096);
  private static final int VOCABULARY = 49152;

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP16", "BF16", "INT8", "INT4"})
  void growsOnTheDevice(Precision precision) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(SmolLm2.folder());
        Backend backend = open(checkpoint, precision);
        DecoderSession session = backend.openSession(LAYOUT)) {
      Steps.last(session, 0, 504, 3575, 282);
      long cache = backend.ownedMemory().kvCacheBytes();
      long free = freeBytes();
      long resident = Resident.bytes();
      Steps.last(session, 0, Steps.tokens(4000, 1, VOCABULARY));
      long grown = backend.ownedMemory().kvCacheBytes() - cache;
      assertThat(grown).as("growth as counted").isGreaterThan(500L << 20);
      assertThat(free - freeBytes()).as("growth of the device").isGreaterThan(grown * 9 / 10);
      assertThat(Resident.bytes() - resident).as("of the process").isLessThan(grown / 4);
    }
  }

  @Test
  void leavesNothingOpen() throws IOException {
    int before = Runtimes.nativeRuntime().orElseThrow().openHandles();
    for (int round = 0; round < 3; round++) {
      try (Checkpoint checkpoint = Checkpoint.open(SmolLm2.folder());
          Backend backend = open(checkpoint, Precision.FP16);
          DecoderSession session = backend.openSession(LAYOUT)) {
        Steps.last(session, 0, Steps.tokens(600, round, VOCABULARY));
      }
    }
    assertThat(Runtimes.nativeRuntime().orElseThrow().openHandles()).isEqualTo(before);
  }

  private static Backend open(Checkpoint checkpoint, Precision precision) {
    return new OnnxBackendProvider()
        .open(checkpoint, new BackendOptions(GPU, precision, BackendOptions.AUTO_THREADS));
  }

  private static long freeBytes() {
    return Loquat.devices().found().stream()
        .map(report -> report.info())
        .filter(info -> info.device().equals(GPU))
        .mapToLong(DeviceInfo::freeBytes)
        .findFirst()
        .orElseThrow();
  }
}
