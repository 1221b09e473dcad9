package dev.loquat.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsTensorTest {
  /** More bytes than are widened at once. */
  private static final int MANY = 40_000;

  @TempDir Path folder;

  @Test
  void widensHalves() throws IOException {
    assertThat(read(ElementType.F16, bytes(0x00, 0x3c, 0x01, 0xc0, 0xff, 0x7b)))
        .containsExactly(1f, -0x1.004p1f, 65504f);
  }

  @Test
  void widensBrainFloats() throws IOException {
    assertThat(read(ElementType.BF16, bytes(0x80, 0x3f, 0x40, 0xc0, 0x80, 0x7f)))
        .containsExactly(1f, -3f, Float.POSITIVE_INFINITY);
  }

  @Test
  void readsSingles() throws IOException {
    assertThat(read(ElementType.F32, bytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)))
        .containsExactly(1f, -2f);
  }

  @Test
  void narrowsDoubles() throws IOException {
    byte[] tenth = bytes(0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f);
    assertThat(read(ElementType.F64, tenth)).containsExactly(0.1f);
  }

  @Test
  void readsAnyRangeOfALongTensor() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * MANY).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < MANY; i++) {
      bytes.putFloat(i);
    }
    try (SafetensorsFiles files = write(ElementType.F32, bytes.array())) {
      FloatBuffer values = FloatBuffer.allocate(MANY).position(1).limit(MANY - 2);
      tensor(files).read(2, values);
      assertThat(values.position()).isEqualTo(MANY - 2);
      for (int i = 1; i < MANY - 2; i++) {
        assertThat(values.get(i)).isEqualTo(i + 1f);
      }
    }
  }

  @Test
  void copiesBytesAsTheyStand() throws IOException {
    try (SafetensorsFiles files = write(ElementType.F16, bytes(1, 2, 3, 4))) {
      ByteBuffer copy = ByteBuffer.allocate(2);
      tensor(files).readBytes(1, copy);
      assertThat(copy.array()).containsExactly(2, 3);
    }
  }

  @Test
  void refusesRangesOutsideTheTensor() throws IOException {
    try (SafetensorsFiles files = write(ElementType.F16, bytes(1, 2, 3, 4))) {
      Tensor tensor = tensor(files);
      assertThatThrownBy(() -> tensor.read(1, FloatBuffer.allocate(2)))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("weight: 2 from 1 pass the end at 2");
      assertThatThrownBy(() -> tensor.readBytes(-1, ByteBuffer.allocate(2)))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tensor.read(Long.MAX_VALUE, FloatBuffer.allocate(2)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void refusesToWidenIntegers() throws IOException {
    try (SafetensorsFiles files = write(ElementType.I8, bytes(1))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> tensor(files).read(0, FloatBuffer.allocate(1)))
          .withMessage("weight holds I8; expected floating-point numbers");
    }
  }

  private float[] read(ElementType type, byte[] bytes) throws IOException {
    try (SafetensorsFiles files = write(type, bytes)) {
      float[] values = new float[bytes.length / type.byteSize()];
      tensor(files).read(0, FloatBuffer.wrap(values));
      return values;
    }
  }

  private SafetensorsFiles write(ElementType type, byte[] bytes) throws IOException {
    new SafetensorsWriter()
        .counting("before", ElementType.U8, 3)
        .add("weight", type, bytes, bytes.length / type.byteSize())
        .write(folder.resolve("model.safetensors"));
    return SafetensorsFiles.open(folder);
  }

  private static Tensor tensor(SafetensorsFiles files) {
    return files.find("weight").orElseThrow();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
