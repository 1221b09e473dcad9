package dev.loquat.checkpoint.safetensors;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.error.CheckpointException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One tensor as a header declares it, not yet believed.
 *
 * @param file the weight file, for messages and the result
 * @param name the tensor's name
 * @param dtype the name of its element type
 * @param shape its dimensions, each 0 or more
 * @param offsets where it begins and ends in the data, each 0 or more
 */
record TensorEntry(Path file, String name, String dtype, List<Long> shape, List<Long> offsets) {

  /** Checks the entry against the file; the size of an unknown type's elements is believed. */
  StoredTensor place(long dataStart, long fileBytes) {
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw failure("has data_offsets " + offsets + "; expected a begin and an end at or after it");
    }
    type().ifPresent(this::requireSpan);
    requireWithin(dataStart, offsets.get(1), fileBytes);
    return new StoredTensor(this, dataStart + offsets.get(0));
  }

  /** The element type, if it is one that is read. */
  Optional<ElementType> type() {
    return Arrays.stream(ElementType.values())
        .filter(type -> type.name().equals(dtype))
        .findFirst();
  }

  /** The bytes that its offsets span. */
  long span() {
    return offsets.get(1) - offsets.get(0);
  }

  private void requireSpan(ElementType type) {
    long bytes = byteLength(type);
    if (bytes != span()) {
      throw failure(
          "is "
              + type
              + " of shape "
              + shape
              + ", which takes "
              + bytes
              + " bytes, but its data_offsets span "
              + span()
              + ". The header lies; fetch the file again.");
    }
  }

  private void requireWithin(long dataStart, long end, long fileBytes) {
    if (end > fileBytes - dataStart) {
      throw failure(
          "ends at byte "
              + Long.toUnsignedString(dataStart + end)
              + ", but the file has "
              + fileBytes
              + " bytes. The file is truncated; fetch it again.");
    }
  }

  private long byteLength(ElementType type) {
    try {
      long elements = shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
      return Math.multiplyExact(elements, type.byteSize());
    } catch (ArithmeticException e) {
      throw failure("has shape " + shape + ", more elements than any file holds");
    }
  }

  private CheckpointException failure(String what) {
    return SafetensorsHeader.failure(file, "tensor '" + name + "' " + what);
  }
}
