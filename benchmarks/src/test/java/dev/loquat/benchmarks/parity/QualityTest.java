package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.djl.DjlBackendProvider;
import dev.loquat.backend.onnx.OnnxBackendProvider;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What integers cost in likelihood, against transformers in single precision. What they cost
 * SmolLM2 in the PyTorch backend is tested there.
 */
class QualityTest {
  private static final Path TINY = Path.of("../models/tiny/src");
  private static final Path SMOLLM2_REFERENCE =
      Path.of(
          "../testkit/src/main/resources/dev/loquat/testkit/transformers/smollm2/logprobs.json");

  @ParameterizedTest
  @CsvSource({"INT8, 0.01, 0.96", "INT4, 0.02, 0.95"})
  void isKeptBySmolLm2(Precision precision, double mostKl, double leastAgreement) {
    BackendProvider onnx = new OnnxBackendProvider();
    assertNear(onnx, smolLm2(), SMOLLM2_REFERENCE, precision, mostKl, leastAgreement);
  }

  @ParameterizedTest
  @CsvSource({"INT8, 0.01, 0.96", "INT4, 0.02, 0.95"})
  void isKeptByTheTinyModel(Precision precision, double mostKl, double leastAgreement) {
    Path folder = TINY.resolve("main/resources/dev/loquat/models/tiny");
    Path reference = TINY.resolve("test/resources/tiny/logprobs.json");
    for (BackendProvider provider : List.of(new OnnxBackendProvider(), new DjlBackendProvider())) {
      assertNear(provider, folder, reference, precision, mostKl, leastAgreement);
    }
  }

  private static void assertNear(
      BackendProvider provider,
      Path folder,
      Path reference,
      Precision precision,
      double mostKl,
      double leastAgreement) {
    Quality quality = quality(provider, folder, reference, precision);
    assertThat(quality.positions()).isGreaterThan(100);
    assertThat(quality.meanKl()).isLessThan(mostKl);
    assertThat(quality.top1Agreement()).isGreaterThanOrEqualTo(leastAgreement);
  }

  private static Quality quality(
      BackendProvider provider, Path folder, Path reference, Precision precision) {
    BackendOptions options =
        new BackendOptions(Device.cpu(), precision, BackendOptions.AUTO_THREADS);
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Backend backend = provider.open(checkpoint, options)) {
      return Quality.of(backend, reference);
    }
  }

  private static Path smolLm2() {
    String folder = System.getProperty("loquat.smollm2", "");
    String message = "No SmolLM2 checkpoint; give its folder with -Dloquat.smollm2=FOLDER";
    if ("true".equals(System.getenv("CI"))) {
      assertThat(folder).as(message).isNotEmpty();
    }
    assumeFalse(folder.isEmpty(), message);
    return Path.of(folder);
  }
}
