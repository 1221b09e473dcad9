package dev.loquat.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.loquat.checkpoint.Tensor;
import dev.loquat.quantization.ConversionReport.Origin;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertedFormTest {
  private static final byte[] FIRST = bytes(300_000, 3);
  private static final byte[] SECOND = bytes(17, 5);

  @TempDir private Path folder;
  private Path kept;
  private List<Tensor> weights = List.of();

  @BeforeEach
  void writeWeights() throws IOException {
    kept = folder.resolve("kept");
    weights = List.of(ArrayTensor.random(folder, "weight", 3, 70, 1));
  }

  @Test
  void findsWhatWasAppendedInOrder() throws IOException {
    assertThat(write(ConversionCache.in(kept)).origin()).isEqualTo(Origin.CONVERTED);
    try (ConvertedForm form = open("form", ConversionCache.in(kept))) {
      assertThat(form.isKept()).isFalse();
      assertThat(form.length()).isEqualTo(FIRST.length + SECOND.length);
      byte[] file = Files.readAllBytes(form.file().orElseThrow());
      int start = (int) form.fileOffset();
      int middle = start + FIRST.length;
      assertThat(Arrays.copyOfRange(file, start, middle)).isEqualTo(FIRST);
      assertThat(Arrays.copyOfRange(file, middle, file.length)).isEqualTo(SECOND);
      assertThat(form.finish().origin()).isEqualTo(Origin.CACHE);
    }
  }

  @Test
  void tellsWhereItIsKeptOnceItIsFinished() throws IOException {
    try (ConvertedForm form = open("form", ConversionCache.in(kept))) {
      form.append(ByteBuffer.wrap(FIRST));
      assertThat(form.file()).isEmpty();
      assertThat(form.finish().origin()).isEqualTo(Origin.CONVERTED);
      assertThat(form.file()).contains(file().toAbsolutePath());
      assertThat(form.isKept()).isFalse();
    }
    assertThat(files()).hasSize(1);
  }

  @Test
  void keepsNothingOfWhatFollowsAFileThatWasGivenUp() throws IOException {
    write(ConversionCache.in(kept));
    try (ConvertedForm form = open("form", ConversionCache.in(kept))) {
      form.abandon("it is gone");
      assertThat(form.file()).isEmpty();
      assertThat(form.isKept()).isFalse();
      form.append(ByteBuffer.wrap(SECOND));
      ConversionReport report = form.finish();
      assertThat(report.origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
      assertThat(report.bytes()).isZero();
      assertThat(report.note()).endsWith(" can't be read any more: it is gone");
    }
    try (ConvertedForm form = open("other form", ConversionCache.in(kept))) {
      assertThatIllegalStateException().isThrownBy(() -> form.abandon("it never was"));
    }
  }

  @Test
  void findsNothingOfAnotherForm() {
    write(ConversionCache.in(kept));
    try (ConvertedForm form = open("other form", ConversionCache.in(kept))) {
      assertThat(form.file()).isEmpty();
    }
  }

  @Test
  void findsNothingOfOtherWeights() throws IOException {
    write(ConversionCache.in(kept));
    weights = List.of(ArrayTensor.random(folder, "weight", 3, 70, 2));
    try (ConvertedForm form = open("form", ConversionCache.in(kept))) {
      assertThat(form.file()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 20, 52, 4096, 200_000})
  void trustsNoDamagedFile(long position) throws IOException {
    write(ConversionCache.in(kept));
    try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
      file.seek(position);
      int before = file.read();
      file.seek(position);
      file.write(before ^ 0x10);
    }
    assertWrittenAnew();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 100, 4096, 200_000})
  void trustsNoTruncatedFile(long length) throws IOException {
    write(ConversionCache.in(kept));
    try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
      file.setLength(length);
    }
    assertWrittenAnew();
  }

  @ParameterizedTest
  @ValueSource(ints = {-17, -1, 1, 300_017})
  void trustsNoWholeFileOfAnotherLength(int more) {
    write(ConversionCache.in(kept));
    long length = (long) FIRST.length + SECOND.length;
    try (ConvertedForm form = ConvertedForm.of("form", weights, length, ConversionCache.in(kept))) {
      assertThat(form.file()).isPresent();
    }
    try (ConvertedForm form =
        ConvertedForm.of("form", weights, length + more, ConversionCache.in(kept))) {
      assertThat(form.file()).isEmpty();
      form.append(ByteBuffer.wrap(SECOND));
      ConversionReport report = form.finish();
      assertThat(report.origin()).isEqualTo(Origin.CONVERTED);
      assertThat(report.note())
          .endsWith(" was written anew: it has 304113 bytes, expected " + (4096 + length + more));
    }
  }

  @Test
  void keepsNothingWithoutACache() {
    ConversionReport report = write(ConversionCache.off());
    assertThat(report.origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
    assertThat(report.note()).isEmpty();
  }

  @Test
  void goesOnWhereTheFolderCanNotBeMade() throws IOException {
    Files.writeString(kept, "a file, no folder");
    ConversionReport report = write(ConversionCache.in(kept));
    assertThat(report.origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
    assertThat(report.note()).contains(kept.toString(), "can't be used");
  }

  @Test
  void givesUpWhereTheBytesAreMoreThanTheCacheMayHold() throws IOException {
    ConversionReport report = write(new ConversionCache.Folder(kept, 4096 + FIRST.length));
    assertThat(report.origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
    assertThat(report.note()).contains("more than its 297.0 KiB");
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10, 262_144, 300_016})
  void leavesNothingOnADriveThatIsFull(long room) throws IOException {
    long length = (long) FIRST.length + SECOND.length;
    NewFile full = path -> FileStore.of(path, new FullDrive(path, room));
    try (ConvertedForm form =
        ConvertedForm.of("form", weights, length, ConversionCache.in(kept), full)) {
      form.append(ByteBuffer.wrap(FIRST));
      form.append(ByteBuffer.wrap(SECOND));
      ConversionReport report = form.finish();
      assertThat(report.origin()).isEqualTo(Origin.CONVERTED_IN_MEMORY);
      assertThat(report.note())
          .contains(kept.toString(), "can't be used")
          .endsWith("No space left on device");
      assertThat(form.file()).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  /** Has room for so many bytes. */
  private static final class FullDrive extends RandomAccessFile {
    private long room;

    FullDrive(Path path, long room) throws IOException {
      super(path.toFile(), "rw");
      this.room = room;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      super.write(bytes, offset, (int) Math.min(room, length));
      if (length > room) {
        throw new IOException("No space left on device");
      }
      room -= length;
    }
  }

  @Test
  void leavesNothingOfAnUnfinishedForm() throws IOException {
    try (ConvertedForm form = open("form", ConversionCache.in(kept))) {
      form.append(ByteBuffer.wrap(FIRST));
    }
    assertThat(files()).isEmpty();
  }

  private void assertWrittenAnew() {
    ConversionReport report = write(ConversionCache.in(kept));
    assertThat(report.origin()).isEqualTo(Origin.CONVERTED);
    assertThat(report.note()).contains("was written anew");
    try (ConvertedForm form = open("form", ConversionCache.in(kept))) {
      assertThat(form.file()).isPresent();
    }
  }

  private ConversionReport write(ConversionCache cache) {
    try (ConvertedForm form = open("form", cache)) {
      form.append(ByteBuffer.wrap(FIRST));
      form.append(ByteBuffer.allocateDirect(SECOND.length).put(SECOND).flip());
      return form.finish();
    }
  }

  private ConvertedForm open(String form, ConversionCache cache) {
    return ConvertedForm.of(form, weights, cache);
  }

  private Path file() throws IOException {
    return files().get(0);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(kept)) {
      return files.toList();
    }
  }

  private static byte[] bytes(int count, int step) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * step);
    }
    return bytes;
  }
}
