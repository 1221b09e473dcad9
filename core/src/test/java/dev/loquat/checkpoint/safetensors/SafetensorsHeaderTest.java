package dev.loquat.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.UnsupportedModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsHeaderTest {
  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = temp.resolve("model.safetensors");
  }

  @Test
  void readsTensorsInTheOrderOfTheData() throws IOException {
    String header =
        "{\"__metadata__\": {\"format\": \"pt\"},"
            + "\"b\": {\"dtype\": \"F32\", \"shape\": [], \"data_offsets\": [4, 8]},"
            + "\"a\": {\"dtype\": \"BF16\", \"shape\": [1, 2], \"data_offsets\": [0, 4]}}  ";
    SafetensorsWriter.write(file, header, new byte[8]);
    long start = 8L + header.length();
    assertThat(SafetensorsHeader.read(file))
        .extracting(StoredTensor::info)
        .containsExactly(
            new TensorInfo("a", ElementType.BF16, List.of(1L, 2L), file, start),
            new TensorInfo("b", ElementType.F32, List.of(), file, start + 4));
  }

  @Test
  void refusesFilesShorterThanTheLengthOfAHeader() throws IOException {
    Files.write(file, new byte[7]);
    assertThatReading()
        .withMessage(
            file + ": has 7 bytes; expected a header of 8 bytes or more. Fetch it" + " again.");
  }

  @Test
  void refusesHeadersLongerThanTheFormatAllowsBeforeAllocating() throws IOException {
    writeLength(-1);
    assertThatReading()
        .withMessageContaining(
            "declares a header of 18446744073709551615 bytes; expected 2 to 100000000");
    writeLength(100_000_001);
    assertThatReading().withMessageContaining("declares a header of 100000001 bytes");
    writeLength(0);
    assertThatReading().withMessageContaining("declares a header of 0 bytes");
  }

  @Test
  void recognizesPointersOfGitLfs() throws IOException {
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
    assertThatReading()
        .withMessage(
            file
                + ": is a pointer of Git LFS and not the weights themselves; fetch them"
                + " with 'git lfs pull'.");
  }

  @Test
  void refusesHeadersThatPassTheEndOfTheFile() throws IOException {
    writeLength(99_000_000);
    assertThatReading()
        .withMessageContaining("declares a header of 99000000 bytes, but has only 2 after")
        .withMessageContaining("truncated");
  }

  @Test
  void refusesHeadersThatAreNoJsonObject() throws IOException {
    assertThatHeader("[1, 2]").withMessageContaining("has a header that is no JSON object");
    assertThatHeader("{\"a\":").withMessageContaining("the header is no valid JSON");
    assertThatHeader("[".repeat(5000)).withMessageContaining("has a header that is no JSON object");
  }

  @Test
  void refusesAHugeHeaderAtItsFirstUnknownValue() throws IOException {
    String objects = "{}" + ",{}".repeat(31_000_000);
    assertThatHeader("{\"a\":[" + objects + "]}")
        .withMessageContaining("has 'a' that is no JSON object");
    assertThatHeader("{\"a\":{\"shape\":[" + objects + "]}}")
        .withMessageContaining("in 'shape'; expected a whole number");
    assertThatHeader("{\"a\":{\"more\":[" + objects + "]}}")
        .withMessageContaining("tensor 'a' has an unknown field");
  }

  @Test
  void refusesMoreTensorsThanAnyFileHas() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= HeaderParser.MAX_ENTRIES; i++) {
      header.append("\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
    }
    assertThatHeader(header.append("\"z\":1}").toString())
        .withMessageContaining("lists more than 131072 tensors");
  }

  @Test
  void refusesTensorsThatLackAField() throws IOException {
    assertThatHeader("{\"a\": {\"dtype\": \"U8\", \"data_offsets\": [0, 4]}}")
        .withMessageContaining("tensor 'a' has no 'shape'");
  }

  @Test
  void refusesMetadataThatIsNoMapOfTexts() throws IOException {
    assertThatHeader("{\"__metadata__\": [1]}")
        .withMessageContaining("has '__metadata__' that is no JSON object");
    assertThatHeader("{\"__metadata__\": {\"format\": {}}}")
        .withMessageContaining("has a value in '__metadata__' that is no text");
  }

  @Test
  void refusesMoreThanSpacesAfterTheObject() throws IOException {
    String entry = "{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}}";
    assertThatHeader(entry + "  {}").withMessageContaining("more than spaces after its header");
    assertThatHeader(entry + "x").withMessageContaining("no valid JSON");
  }

  @Test
  void refusesBytesAfterTheLastTensor() throws IOException {
    assertThatTensor("U8", "[3]", "[0, 3]")
        .withMessageContaining("expected nothing after them. The file is damaged");
    assertThatHeader("{}").withMessageContaining("expected nothing after them");
  }

  @Test
  void readsAnEmptyTensorListedAfterTheOneItBeginsWith() throws IOException {
    String header =
        "{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]},"
            + "\"b\": {\"dtype\": \"U8\", \"shape\": [0], \"data_offsets\": [0, 0]}}";
    SafetensorsWriter.write(file, header, new byte[4]);
    assertThat(SafetensorsHeader.read(file))
        .extracting(StoredTensor::name)
        .containsExactly("b", "a");
  }

  @Test
  void refusesTheSameNameTwice() throws IOException {
    String entry = "\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}";
    assertThatHeader("{" + entry + ", " + entry + "}").withMessageContaining("no valid JSON");
  }

  @Test
  void refusesTypesThatItDoesNotKnowOnlyWhereTheyAreUsed() throws IOException {
    String header = "{\"a\": {\"dtype\": \"F4\", \"shape\": [4, 2], \"data_offsets\": [0, 4]}}";
    SafetensorsWriter.write(file, header, new byte[4]);
    StoredTensor tensor = SafetensorsHeader.read(file).get(0);
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(tensor::info)
        .withMessage(
            file
                + ": tensor 'a' has dtype 'F4', which is not supported; supported are"
                + " [F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL]. Use the checkpoint's FP32,"
                + " FP16 or BF16 variant.");
  }

  @Test
  void checksThePlacesOfTypesThatItDoesNotKnow() throws IOException {
    assertThatTensor("F4", "[8]", "[0, 5]").withMessageContaining("The file is truncated");
    assertThatTensor("F4", "[8]", "[1, 4]").withMessageContaining("expected neither gap nor");
  }

  @Test
  void refusesShapesThatAreNone() throws IOException {
    assertThatTensor("U8", "[-1]", "[0, 4]")
        .withMessageContaining("has -1 in 'shape'; expected a whole number of 0 or more");
    assertThatTensor("U8", "[1.5]", "[0, 4]").withMessageContaining("has 1.5 in 'shape'");
    assertThatTensor("U8", "4", "[0, 4]").withMessageContaining("has no valid 'shape'");
    assertThatTensor("U8", "[9223372036854775808]", "[0, 4]")
        .withMessageContaining("has 9223372036854775808 in 'shape'");
    assertThatTensor("U8", "[" + "1,".repeat(16) + "4]", "[0, 4]")
        .withMessageContaining("expected an array of at most 16 numbers");
  }

  @Test
  void refusesShapesWhoseProductOverflows() throws IOException {
    assertThatTensor("F32", "[4294967296, 4294967296]", "[0, 4]")
        .withMessageContaining("more elements than any file holds");
    assertThatTensor("F64", "[2305843009213693952]", "[0, 4]")
        .withMessageContaining("more elements than any file holds");
  }

  @Test
  void refusesOffsetsThatDoNotFitTheShape() throws IOException {
    assertThatTensor("F32", "[2]", "[0, 4]")
        .withMessage(
            file
                + ": tensor 'a' is F32 of shape [2], which takes 8 bytes, but its"
                + " data_offsets span 4. The header lies; fetch the file again.");
    assertThatTensor("F32", "[1]", "[4, 0]")
        .withMessageContaining("has data_offsets [4, 0]; expected a begin and an end");
    assertThatTensor("F32", "[1]", "[0]").withMessageContaining("has data_offsets [0]");
  }

  @Test
  void refusesTensorsThatPassTheEndOfTheFile() throws IOException {
    assertThatTensor("U8", "[5]", "[0, 5]")
        .withMessageContaining("bytes. The file is truncated; fetch it again.");
    assertThatTensor("U8", "[0]", "[9223372036854775807, 9223372036854775807]")
        .withMessageContaining("The file is truncated");
  }

  @Test
  void refusesOverlapsAndGaps() throws IOException {
    String one = "\"a\": {\"dtype\": \"U8\", \"shape\": [2], \"data_offsets\": [0, 2]}, ";
    assertThatHeader(
            "{" + one + "\"b\": {\"dtype\": \"U8\", \"shape\": [2], \"data_offsets\": [1, 3]}}")
        .withMessageContaining("expected neither gap nor overlap. The header lies");
    assertThatHeader(
            "{" + one + "\"b\": {\"dtype\": \"U8\", \"shape\": [1], \"data_offsets\": [3, 4]}}")
        .withMessageContaining("expected neither gap nor overlap");
  }

  private ThrowableAssertAlternative<CheckpointException> assertThatTensor(
      String type, String shape, String offsets) throws IOException {
    return assertThatHeader(
        "{\"a\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}}"
            .formatted(type, shape, offsets));
  }

  /** Reads a file with this header and four bytes of data. */
  private ThrowableAssertAlternative<CheckpointException> assertThatHeader(String header)
      throws IOException {
    SafetensorsWriter.write(file, header, new byte[4]);
    return assertThatReading();
  }

  private ThrowableAssertAlternative<CheckpointException> assertThatReading() {
    return assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> SafetensorsHeader.read(file));
  }

  private void writeLength(long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Files.write(file, bytes.array());
  }
}
