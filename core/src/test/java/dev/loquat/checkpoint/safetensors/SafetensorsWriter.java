package dev.loquat.checkpoint.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.loquat.checkpoint.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes safetensors files for tests, sound or not. */
public final class SafetensorsWriter {
  private final List<String> entries = new ArrayList<>();
  private final List<byte[]> data = new ArrayList<>();
  private long end;

  /** Adds a tensor whose bytes count up from 0. */
  public SafetensorsWriter counting(String name, ElementType type, long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    byte[] bytes = new byte[(int) elements * type.byteSize()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i & 0x3f);
    }
    return add(name, type, bytes, shape);
  }

  /** Adds a tensor with its bytes, little-endian. */
  public SafetensorsWriter add(String name, ElementType type, byte[] bytes, long... shape) {
    entries.add(
        "\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
            .formatted(name, type, Arrays.toString(shape), end, end + bytes.length));
    data.add(bytes);
    end += bytes.length;
    return this;
  }

  /** Writes the file. */
  public Path write(Path file) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) end);
    data.forEach(all::put);
    return write(file, "{" + String.join(", ", entries) + "}", all.array());
  }

  /** Writes a file whose header may say anything. */
  public static Path write(Path file, String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(file, bytes.array());
  }
}
