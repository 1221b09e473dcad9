package dev.loquat.testkit.tiny;

import dev.loquat.checkpoint.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * One safetensors file: the header's length in 8 bytes, the header as JSON, then the elements; all
 * little-endian.
 *
 * @param type the type of all elements
 * @param tensors what the file holds, in its order
 */
record SafetensorsFile(ElementType type, List<TinyTensor> tensors) {
  private static final int ALIGNMENT = 8;

  void write(Path file) throws IOException {
    byte[] header = padded(header()).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + header.length + byteLength()))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    tensors.forEach(tensor -> put(tensor, bytes));
    Files.write(file, bytes.array());
  }

  /** The bytes of all elements. */
  long byteLength() {
    return tensors.stream().mapToLong(this::byteLength).sum();
  }

  private long byteLength(TinyTensor tensor) {
    return (long) tensor.elements() * type.byteSize();
  }

  private String header() {
    StringJoiner entries = new StringJoiner(",", "{", "}");
    long begin = 0;
    for (TinyTensor tensor : tensors) {
      long end = begin + byteLength(tensor);
      entries.add(entry(tensor, begin, end));
      begin = end;
    }
    return entries.toString();
  }

  private String entry(TinyTensor tensor, long begin, long end) {
    return String.format(
        Locale.ROOT,
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
        tensor.name(),
        type,
        tensor.shape(),
        begin,
        end);
  }

  private static String padded(String header) {
    return header + " ".repeat(Math.floorMod(-header.length(), ALIGNMENT));
  }

  private void put(TinyTensor tensor, ByteBuffer bytes) {
    for (int i = 0; i < tensor.elements(); i++) {
      put(tensor.value(i), bytes);
    }
  }

  private void put(float value, ByteBuffer bytes) {
    switch (type) {
      case F32 -> bytes.putFloat(value);
      case F16 -> bytes.putShort(NarrowFloat.half(value));
      case BF16 -> bytes.putShort(NarrowFloat.brain(value));
      default -> throw new IllegalArgumentException(type + "; expected F32, F16 or BF16");
    }
  }
}
