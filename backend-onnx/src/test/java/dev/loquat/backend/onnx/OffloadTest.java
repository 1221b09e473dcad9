package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.device.ByteFormat;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport.Origin;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers whose weights stay in mapped files. */
class OffloadTest {
  private static final int[] PROMPT = {3, 1, 4, 1, 5};

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"F32,FP32", "F32,FP16", "BF16,FP32", "BF16,BF16", "BF16,FP16", "F16,FP16"})
  void computesAsInMemory(ElementType stored, Precision precision) throws IOException {
    try (Checkpoint checkpoint = open(model(stored))) {
      float[] expected = logits(checkpoint, Device.cpu(), precision, ConversionCache.off());
      for (int start = 0; start < 2; start++) {
        float[] actual = logits(checkpoint, Device.disk(), precision, kept());
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
        }
      }
    }
  }

  @Test
  void mapsACheckpointInSinglePrecisionItself() throws IOException {
    try (Checkpoint checkpoint = open(model(ElementType.F32))) {
      logits(checkpoint, Device.disk(), Precision.FP32, ConversionCache.off());
    }
  }

  @Test
  void refusesWhereItCanNotKeepWidenedWeights() throws IOException {
    try (Checkpoint checkpoint = open(model(ElementType.BF16))) {
      for (ConversionCache cache :
          List.of(
              ConversionCache.off(), new ConversionCache.Folder(folder.resolve("small"), 5000))) {
        assertThatExceptionOfType(BackendException.class)
            .isThrownBy(() -> logits(checkpoint, Device.disk(), Precision.FP32, cache))
            .withMessageContaining("Layers 0 to 1 can't stay on disk")
            .withMessageContaining(
                "kept so, in "
                    + ByteFormat.text(checkpoint.weightBytes() / 2 * Float.BYTES)
                    + ", but ")
            .withMessageContaining("conversionCache");
      }
    }
    assertThat(folder.resolve("small")).doesNotExist();
  }

  /** A folder in which nothing can be written stands for a drive that is full. */
  @Test
  void tellsWhichFolderHasNoRoomForHowMuch() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file, no folder");
    try (Checkpoint checkpoint = open(model(ElementType.BF16))) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(
              () -> logits(checkpoint, Device.disk(), Precision.FP32, ConversionCache.in(blocked)))
          .withMessageContaining(
              ByteFormat.text(checkpoint.weightBytes() / 2 * Float.BYTES) + ", but ")
          .withMessageContaining(blocked + " can't be used: ")
          .withMessageEndingWith("or use a checkpoint in FP32.");
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("blocked", "model");
    }
  }

  @Test
  void writesADamagedFileAnew() throws IOException {
    try (Checkpoint checkpoint = open(model(ElementType.BF16))) {
      float[] expected = logits(checkpoint, Device.disk(), Precision.FP32, kept());
      try (Stream<Path> files = Files.list(folder.resolve("kept"));
          RandomAccessFile file =
              new RandomAccessFile(files.findFirst().orElseThrow().toFile(), "rw")) {
        file.seek(5000);
        file.write(0x55);
      }
      try (Backend backend = open(checkpoint, Device.disk(), Precision.FP32, kept())) {
        assertThat(backend.conversion().orElseThrow().origin()).isEqualTo(Origin.CONVERTED);
        assertThat(logits(backend)).containsExactly(expected);
      }
    }
  }

  @Test
  void refusesBlocks() throws IOException {
    try (Checkpoint checkpoint = open(model(ElementType.F32))) {
      assertThat(
              new OnnxBackendProvider()
                  .supports(checkpoint.config(), Device.disk(), Precision.INT4))
          .isInstanceOf(Support.Unsupported.class);
    }
  }

  /** Of 80 MiB of weights the process may not come to hold half as its own. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void holdsNoWeightsInMemoryOfItsOwn() throws IOException {
    TinyCheckpoint large =
        TinyCheckpoint.llama()
            .hiddenSize(1024)
            .heads(16, 16)
            .headDim(64)
            .intermediateSize(2048)
            .layers(2)
            .elementType(ElementType.BF16);
    try (Checkpoint checkpoint = open(large)) {
      logits(checkpoint, Device.disk(), Precision.FP32, kept());
      long weights = 2L * (4 * 1024 * 1024 + 3 * 1024 * 2048) * Float.BYTES;
      long before = anonymousBytes();
      try (Backend backend = open(checkpoint, Device.disk(), Precision.FP32, kept())) {
        logits(backend);
        assertThat(anonymousBytes() - before).isLessThan(weights / 2);
        assertThat(backend.allocatedBytes()).isLessThan(weights / 2);
      }
    }
  }

  private static long anonymousBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
        .filter(line -> line.startsWith("Anonymous:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .sum();
  }

  private static float[] logits(
      Checkpoint checkpoint, Device device, Precision precision, ConversionCache cache) {
    try (Backend backend = open(checkpoint, device, precision, cache)) {
      return logits(backend);
    }
  }

  private static float[] logits(Backend backend) {
    try (DecoderSession session = backend.openSession(new CacheLayout(1, 8))) {
      return Steps.last(session, 0, PROMPT);
    }
  }

  private static Backend open(
      Checkpoint checkpoint, Device device, Precision precision, ConversionCache cache) {
    return new OnnxBackendProvider()
        .open(checkpoint, new BackendOptions(device, precision, 1, cache));
  }

  private Checkpoint open(TinyCheckpoint model) throws IOException {
    return Checkpoint.open(model.writeTo(Files.createDirectories(folder.resolve("model"))));
  }

  private static TinyCheckpoint model(ElementType stored) {
    return TinyCheckpoint.llama()
        .hiddenSize(32)
        .heads(2, 1)
        .headDim(16)
        .layers(2)
        .elementType(stored);
  }

  private ConversionCache.Folder kept() {
    return new ConversionCache.Folder(folder.resolve("kept"), 1L << 30);
  }
}
