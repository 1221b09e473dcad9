package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport;
import dev.loquat.quantization.ConversionReport.Origin;
import dev.loquat.quantization.ConvertedForm;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundedWeightsTest {
  private static final int[] PROMPT = {3, 1, 4, 1, 5};

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"F32,FP16", "F32,BF16", "BF16,FP16", "F16,BF16"})
  void areThoseThatTheRuntimeRounds(ElementType stored, Precision precision) throws IOException {
    for (TinyCheckpoint tiny : List.of(model(stored), model(stored).untiedHead())) {
      try (Checkpoint checkpoint =
          Checkpoint.open(tiny.writeTo(Files.createDirectories(folder.resolve("model"))))) {
        float[] expected = logits(checkpoint, precision, ConversionCache.off());
        assertThat(logits(checkpoint, precision, kept())).containsExactly(expected);
        assertThat(logits(checkpoint, precision, kept())).containsExactly(expected);
      }
    }
    assertThat(files()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"F16,FP16", "BF16,BF16", "F32,FP32", "BF16,FP32"})
  void areNoneWhereOneConversionDoes(ElementType stored, Precision precision) throws IOException {
    try (Checkpoint checkpoint = open(stored);
        Backend backend = open(checkpoint, precision, kept())) {
      assertThat(backend.conversion()).isEmpty();
    }
    assertThat(kept().folder()).doesNotExist();
  }

  @Test
  void areFoundAgainAndCheckedBefore() throws IOException {
    try (Checkpoint checkpoint = open(ElementType.BF16)) {
      assertThat(origin(checkpoint)).isEqualTo(Origin.CONVERTED);
      assertThat(origin(checkpoint)).isEqualTo(Origin.CACHE);
      float[] expected = logits(checkpoint, Precision.FP16, kept());
      flipAByteOf(files().get(0));
      try (Backend backend = open(checkpoint, Precision.FP16, kept())) {
        ConversionReport report = backend.conversion().orElseThrow();
        assertThat(report.origin()).isEqualTo(Origin.CONVERTED);
        assertThat(report.note()).endsWith("its header or checksum does not match");
        assertThat(logits(backend)).containsExactly(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 4096})
  void areRoundedAnewWhereTheirFileIsShorterOrLonger(int more) throws IOException {
    try (Checkpoint checkpoint = open(ElementType.BF16)) {
      float[] expected = logits(checkpoint, Precision.FP16, kept());
      Path file = files().get(0);
      long length = Files.size(file);
      try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
        changed.setLength(length + more);
      }
      try (Backend backend = open(checkpoint, Precision.FP16, kept())) {
        ConversionReport report = backend.conversion().orElseThrow();
        assertThat(report.origin()).isEqualTo(Origin.CONVERTED);
        assertThat(report.note())
            .endsWith("it has " + (length + more) + " bytes, expected " + length);
        assertThat(logits(backend)).containsExactly(expected);
      }
      assertThat(file).hasSize(length);
    }
  }

  /** As a version would leave it that wrote other weights under the same name. */
  @Test
  void areRoundedAnewWhereAWholeFileHoldsTooLittle() throws IOException {
    try (Checkpoint checkpoint = open(ElementType.BF16)) {
      LayerRange all = LayerRange.all(checkpoint.config());
      try (ConvertedForm form =
          ConvertedForm.of("onnx FLOAT16 version 1", ModelWeights.held(checkpoint, all), kept())) {
        form.append(ByteBuffer.allocate(64));
        assertThat(form.finish().origin()).isEqualTo(Origin.CONVERTED);
      }
      assertThat(origin(checkpoint)).isEqualTo(Origin.CONVERTED);
      assertThat(origin(checkpoint)).isEqualTo(Origin.CACHE);
      assertThat(files()).as("the same name").hasSize(1);
    }
  }

  @Test
  void areLeftToTheRuntimeWhereTheCacheHoldsNoMore() throws IOException {
    ConversionCache small = new ConversionCache.Folder(kept().folder(), 5000);
    try (Checkpoint checkpoint = open(ElementType.BF16);
        Backend backend = open(checkpoint, Precision.FP16, small)) {
      ConversionReport report = backend.conversion().orElseThrow();
      assertThat(report.origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
      assertThat(report.note()).contains("more than its 4.9 KiB");
      assertThat(logits(backend))
          .containsExactly(logits(checkpoint, Precision.FP16, ConversionCache.off()));
    }
    assertThat(kept().folder()).doesNotExist();
  }

  @Test
  void areNotKeptOfAModelBeyondTheRange() throws IOException {
    Checkpoint checkpoint =
        RandomCheckpoint.write(
            RandomCheckpoint.model(2, true, 0), folder, weight -> weight > 1.4f ? 70000f : weight);
    BackendOptions options = new BackendOptions(Device.cpu(), Precision.FP16, 1, kept());
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> new OnnxBackendProvider().open(checkpoint, options))
        .withMessageContaining("holds 70000.0");
    BackendOptions widening = options.withHalf(new HalfPrecision(false, BeyondRange.WIDEN));
    try (Backend backend = new OnnxBackendProvider().open(checkpoint, widening)) {
      assertThat(backend.conversion()).isEmpty();
    }
    assertThat(kept().folder()).doesNotExist();
  }

  private Origin origin(Checkpoint checkpoint) {
    try (Backend backend = open(checkpoint, Precision.FP16, kept())) {
      return backend.conversion().orElseThrow().origin();
    }
  }

  private static float[] logits(Checkpoint checkpoint, Precision precision, ConversionCache cache) {
    try (Backend backend = open(checkpoint, precision, cache)) {
      return logits(backend);
    }
  }

  private static float[] logits(Backend backend) {
    try (DecoderSession session = backend.openSession(new CacheLayout(1, 8))) {
      return Steps.last(session, 0, PROMPT);
    }
  }

  private static Backend open(Checkpoint checkpoint, Precision precision, ConversionCache cache) {
    return new OnnxBackendProvider()
        .open(checkpoint, new BackendOptions(Device.cpu(), precision, 1, cache));
  }

  private Checkpoint open(ElementType stored) throws IOException {
    return Checkpoint.open(model(stored).writeTo(Files.createDirectories(folder.resolve("model"))));
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
    return new ConversionCache.Folder(folder.resolve("kept"), 1 << 20);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(kept().folder())) {
      return files.toList();
    }
  }

  private static void flipAByteOf(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(5000);
      int before = file.read();
      file.seek(5000);
      file.write(before ^ 0x10);
    }
  }
}
