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
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
  void theSecondStartComputesTheSameWithMatricesIn4Bits() throws IOException {
    Path model = withWideMatrices();
    float[][] first = logits(model, Precision.INT4, Origin.CONVERTED);
    assertThat(logits(model, Precision.INT4, Origin.CACHE)).isDeepEqualTo(first);
  }

  @Test
  void keepsBothPrecisionsBesideEachOther() {
    Path model = Fixtures.folder(TransformersModel.LLAMA);
    logits(model, Precision.INT8, Origin.CONVERTED);
    logits(model, Precision.INT4, Origin.CONVERTED);
    logits(model, Precision.INT8, Origin.CACHE);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4"})
  void roundsAnewWhatIsEvictedWhileItLoads(Precision precision) throws IOException {
    Path model = withWideMatrices();
    float[][] first = logits(model, precision, Origin.CONVERTED);
    try (Checkpoint checkpoint = new Evicting(Checkpoint.open(model), folder.resolve("kept"));
        Backend backend = open(checkpoint, precision);
        DecoderSession session = backend.openSession(new CacheLayout(1, 16))) {
      ConversionReport report = backend.conversion().orElseThrow();
      assertThat(report.origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
      assertThat(report.note()).contains(" can't be read any more: PyTorch failed in 'map_kept': ");
      assertThat(Fixtures.forward(session, Fixtures.row(0, 0, TOKENS))).isDeepEqualTo(first);
    }
    logits(model, precision, Origin.CONVERTED);
  }

  @ParameterizedTest
  @CsvSource({"FP32", "FP16"})
  void convertsNothingElse(Precision precision) {
    try (Backend backend = open(Fixtures.folder(TransformersModel.LLAMA), precision)) {
      assertThat(backend.conversion()).isEmpty();
    }
  }

  /** INT4 holds matrices of up to 512 inputs in 8 bits. */
  private Path withWideMatrices() throws IOException {
    Path wide = Files.createDirectory(folder.resolve("wide"));
    return TinyCheckpoint.llama().intermediateSize(544).writeTo(wide);
  }

  private float[][] logits(Path model, Precision precision, Origin origin) {
    try (Backend backend = open(model, precision);
        DecoderSession session = backend.openSession(new CacheLayout(1, 16))) {
      assertThat(backend.conversion()).map(ConversionReport::origin).contains(origin);
      return Fixtures.forward(session, Fixtures.row(0, 0, TOKENS));
    }
  }

  private Backend open(Path model, Precision precision) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return open(checkpoint, precision);
    }
  }

  private Backend open(Checkpoint checkpoint, Precision precision) {
    ConversionCache cache = ConversionCache.in(folder.resolve("kept"));
    return new DjlBackendProvider()
        .open(
            checkpoint,
            new BackendOptions(Device.cpu(), precision, 1, cache, MemoryLedger.unlimited()));
  }

  /** Another process empties the cache when the first layer has been loaded. */
  private static final class Evicting extends CheckpointDecorator {
    private final Path cache;
    private boolean opened;

    Evicting(Checkpoint original, Path cache) {
      super(original);
      this.cache = cache;
    }

    @Override
    public void dropPages() {
      if (opened) {
        deleteAll();
      }
      opened = true;
    }

    private void deleteAll() {
      try (Stream<Path> files = Files.list(cache)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
