package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport;
import dev.loquat.quantization.ConversionReport.Origin;
import dev.loquat.testkit.TransformersModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a start finds of the one before. */
class KeptLinearsTest {
  private static final int[] TOKENS = {5, 17, 200, 9, 42};

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void theSecondStartComputesTheSame(TransformersModel name) {
    Path model = Fixtures.folder(name);
    for (Precision precision : new Precision[] {Precision.INT8, Precision.INT4}) {
      float[][] first = logits(model, precision, Origin.CONVERTED);
      assertThat(logits(model, precision, Origin.CACHE)).isDeepEqualTo(first);
    }
  }

  @Test
  void keepsBothPrecisionsBesideEachOther() {
    Path model = Fixtures.folder(TransformersModel.LLAMA);
    logits(model, Precision.INT8, Origin.CONVERTED);
    logits(model, Precision.INT4, Origin.CONVERTED);
    logits(model, Precision.INT8, Origin.CACHE);
  }

  @ParameterizedTest
  @CsvSource({"FP32", "FP16"})
  void convertsNothingElse(Precision precision) {
    try (Backend backend = open(Fixtures.folder(TransformersModel.LLAMA), precision)) {
      assertThat(backend.conversion()).isEmpty();
    }
  }

  private float[][] logits(Path model, Precision precision, Origin origin) {
    try (Backend backend = open(model, precision);
        DecoderSession session = backend.openSession(new CacheLayout(1, 16))) {
      assertThat(backend.conversion()).map(ConversionReport::origin).contains(origin);
      return Fixtures.forward(session, Fixtures.row(0, 0, TOKENS));
    }
  }

  private Backend open(Path model, Precision precision) {
    ConversionCache cache = ConversionCache.in(folder.resolve("kept"));
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return new DjlBackendProvider()
          .open(
              checkpoint,
              new BackendOptions(Device.cpu(), precision, 1, cache, MemoryLedger.unlimited()));
    }
  }
}
