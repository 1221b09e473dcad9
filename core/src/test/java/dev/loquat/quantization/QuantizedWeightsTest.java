package dev.loquat.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.error.CheckpointException;
import dev.loquat.quantization.ConversionReport.Origin;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedWeightsTest {
  private static final int THREADS = 2;
  private static final FileTime LONG_AGO = FileTime.from(Instant.EPOCH);

  @TempDir private Path folder;
  private Path kept;
  private ArrayTensor upper;
  private List<WeightStack> stacks = List.of();

  @BeforeEach
  void writeWeights() throws IOException {
    kept = folder.resolve("kept");
    upper = ArrayTensor.random(folder, "upper", 3, 70, 1);
    stacks =
        List.of(
            new WeightStack(
                "both",
                List.of(upper, ArrayTensor.random(folder, "lower", 5, 70, 2)),
                BlockFormat.INT4),
            new WeightStack(
                "head", List.of(ArrayTensor.random(folder, "head", 4, 32, 3)), BlockFormat.INT8));
  }

  @Test
  void stacksMatricesByRows() {
    try (QuantizedWeights weights = convert(ConversionCache.off())) {
      QuantizedMatrix both = weights.matrix("both");
      assertThat(both.rows()).isEqualTo(8);
      float[] elements = Dequantized.of(weights, both);
      assertCloseTo(elements, 0, upper.elements, 0.02);
      ArrayTensor lower = (ArrayTensor) stacks.get(0).tensors().get(1);
      assertCloseTo(elements, 3 * 70, lower.elements, 0.02);
      ArrayTensor head = (ArrayTensor) stacks.get(1).tensors().get(0);
      assertCloseTo(Dequantized.of(weights, weights.matrix("head")), 0, head.elements, 0.001);
      assertThat(weights.report().origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
      assertThat(weights.report().note()).isEmpty();
    }
  }

  @Test
  void readsTheSameBackFromTheCache() {
    float[] first;
    try (QuantizedWeights weights = convert(ConversionCache.in(kept))) {
      assertThat(weights.report().origin()).isEqualTo(Origin.CONVERTED);
      first = Dequantized.of(weights, weights.matrix("both"));
    }
    int reads = upper.reads.get();
    try (QuantizedWeights weights = convert(ConversionCache.in(kept))) {
      assertThat(weights.report().origin()).isEqualTo(Origin.CACHE);
      assertThat(weights.report().note()).isEmpty();
      assertThat(Dequantized.of(weights, weights.matrix("both"))).isEqualTo(first);
    }
    assertThat(upper.reads.get()).isEqualTo(reads);
    try (QuantizedWeights weights = convert(ConversionCache.off())) {
      assertThat(Dequantized.of(weights, weights.matrix("both"))).isEqualTo(first);
    }
  }

  @Test
  void convertsAnewWhenAWeightFileChanges() throws IOException {
    convert(ConversionCache.in(kept)).close();
    Files.setLastModifiedTime(upper.info().file(), LONG_AGO);
    assertThat(originOfConversion()).isEqualTo(Origin.CONVERTED);
    upper.elements[5] = 0.7f;
    assertThat(originOfConversion()).isEqualTo(Origin.CONVERTED);
  }

  @Test
  void convertsAnewForAnotherFormat() {
    convert(ConversionCache.in(kept)).close();
    WeightStack both = stacks.get(0);
    stacks =
        List.of(
            new WeightStack(both.name(), both.tensors(), BlockFormat.INT4_SYMMETRIC),
            stacks.get(1));
    assertThat(originOfConversion()).isEqualTo(Origin.CONVERTED);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 8, 20, 44, 52, 4000, 4096, 4500})
  void rebuildsADamagedFile(long position) throws IOException {
    convert(ConversionCache.in(kept)).close();
    try (RandomAccessFile file = new RandomAccessFile(keptFile().toFile(), "rw")) {
      file.seek(position);
      int before = file.read();
      file.seek(position);
      file.write(before ^ 0x10);
    }
    assertRebuilt();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 100, 4096, 4700})
  void rebuildsATruncatedFile(long length) throws IOException {
    convert(ConversionCache.in(kept)).close();
    try (RandomAccessFile file = new RandomAccessFile(keptFile().toFile(), "rw")) {
      file.setLength(length);
    }
    assertRebuilt();
  }

  @Test
  void rebuildsTheFileOfAnotherModel() throws IOException {
    convert(ConversionCache.in(kept)).close();
    Path file = keptFile();
    byte[] other = Files.readAllBytes(file);
    Files.delete(file);
    upper.elements[0] = 0.3f;
    convert(ConversionCache.in(kept)).close();
    Files.write(keptFile(), other);
    assertRebuilt();
  }

  @Test
  void goesOnInMemoryWhereTheFolderCanNotBeMade() throws IOException {
    Files.writeString(kept, "a file, no folder");
    try (QuantizedWeights weights = convert(ConversionCache.in(kept))) {
      assertThat(weights.report().origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
      assertThat(weights.report().note()).contains(kept.toString(), "can't be used");
      assertThat(weights.file()).isEmpty();
    }
  }

  @Test
  void goesOnInMemoryWhereTheWeightsAreLargerThanTheCache() {
    try (QuantizedWeights weights = convert(new ConversionCache.Folder(kept, 4097))) {
      assertThat(weights.report().origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
      assertThat(weights.report().note()).endsWith("the cache 4.0 KiB");
    }
    assertThat(kept).doesNotExist();
  }

  @Test
  void removesWhatWasUsedLeastRecently() throws IOException {
    convert(ConversionCache.in(kept)).close();
    long bytes = Files.size(keptFile());
    Path oldest = Files.copy(keptFile(), kept.resolve("a.blocks"));
    Path older = Files.copy(keptFile(), kept.resolve("b.blocks"));
    Path unfinished = Files.writeString(kept.resolve("c.part"), "left behind");
    Path foreign = Files.writeString(kept.resolve("notes.txt"), "not of the cache");
    Files.setLastModifiedTime(keptFile(), FileTime.from(Instant.now().minusSeconds(300)));
    Path first = keptFile();
    Files.setLastModifiedTime(older, FileTime.from(Instant.now().minusSeconds(400)));
    Files.setLastModifiedTime(oldest, LONG_AGO);
    Files.setLastModifiedTime(unfinished, LONG_AGO);
    Files.setLastModifiedTime(foreign, LONG_AGO);
    upper.elements[0] = 0.3f;
    convert(new ConversionCache.Folder(kept, 3 * bytes)).close();
    assertThat(oldest).doesNotExist();
    assertThat(unfinished).doesNotExist();
    assertThat(older).exists();
    assertThat(first).exists();
    assertThat(foreign).exists();
  }

  @Test
  void leavesNoUnfinishedFileWhenAWeightIsNoNumber() throws IOException {
    upper.elements[72] = Float.NaN;
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> convert(ConversionCache.in(kept)))
        .withMessage(
            "upper.weights: tensor 'upper' holds NaN at [1, 2], and integers hold finite numbers"
                + " only. The checkpoint is damaged; fetch it again.");
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files).isEmpty();
    }
    upper.elements[72] = Float.NEGATIVE_INFINITY;
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> convert(ConversionCache.off()))
        .withMessageContaining("-Infinity at [1, 2]");
  }

  @Test
  void writersAtOnceLeaveOneWholeFile() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(6);
    List<Future<float[]>> results = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      results.add(
          writers.submit(
              () -> {
                try (QuantizedWeights weights = convert(ConversionCache.in(kept))) {
                  return Dequantized.of(weights, weights.matrix("both"));
                }
              }));
    }
    for (Future<float[]> result : results) {
      assertThat(result.get()).isEqualTo(results.get(0).get());
    }
    writers.shutdown();
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files).containsExactly(keptFile());
    }
    assertThat(originOfConversion()).isEqualTo(Origin.CACHE);
  }

  @Test
  void readsAFewRowsAtATime() throws IOException {
    ArrayTensor large = ArrayTensor.random(folder, "large", 3000, 1024, 9);
    stacks = List.of(new WeightStack("large", List.of(large), BlockFormat.INT8));
    convert(ConversionCache.off()).close();
    assertThat(large.largestRead.get()).isLessThanOrEqualTo(1 << 18);
    assertThat(large.reads.get()).isBetween(12, 13);
  }

  @Test
  void anInterruptCancels() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> convert(ConversionCache.off()));
    assertThat(Thread.interrupted()).isTrue();
  }

  private QuantizedWeights convert(ConversionCache cache) {
    return QuantizedWeights.of(stacks, cache, THREADS);
  }

  private Origin originOfConversion() {
    try (QuantizedWeights weights = convert(ConversionCache.in(kept))) {
      return weights.report().origin();
    }
  }

  private void assertRebuilt() {
    try (QuantizedWeights weights = convert(ConversionCache.in(kept))) {
      assertThat(weights.report().origin()).isEqualTo(Origin.CONVERTED);
      assertThat(weights.report().note()).contains("was written anew");
      assertCloseTo(Dequantized.of(weights, weights.matrix("both")), 0, upper.elements, 0.02);
    }
    assertThat(originOfConversion()).isEqualTo(Origin.CACHE);
  }

  private Path keptFile() throws IOException {
    try (Stream<Path> files = Files.list(kept)) {
      return files
          .filter(file -> file.toString().length() > 64 + kept.toString().length())
          .findFirst()
          .orElseThrow();
    }
  }

  private static void assertCloseTo(float[] actual, int start, float[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[start + i]).isCloseTo(expected[i], within(tolerance));
    }
  }
}
