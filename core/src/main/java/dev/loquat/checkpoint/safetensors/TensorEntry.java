package dev.loquat.checkpoint.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.error.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One tensor as a header declares it, not yet believed.
 *
 * @param file the weight file, for messages and the result
 * @param name the tensor's name
 * @param json what the header says of it
 */
record TensorEntry(Path file, String name, JsonNode json) {
  /** More dimensions than any weight has; caps what a hostile header can make us multiply. */
  private static final int MAX_DIMENSIONS = 16;

  TensorInfo info(long dataStart, long fileBytes) {
    ElementType type = type();
    List<Long> shape = numbers("shape");
    List<Long> offsets = numbers("data_offsets");
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw failure("has data_offsets " + offsets + "; expected a begin and an end at or after it");
    }
    requireSpan(type, shape, offsets.get(1) - offsets.get(0));
    requireWithin(dataStart, offsets.get(1), fileBytes);
    return new TensorInfo(name, type, shape, file, dataStart + offsets.get(0));
  }

  private void requireSpan(ElementType type, List<Long> shape, long span) {
    long bytes = byteLength(shape, type);
    if (bytes != span) {
      throw failure(
          "is "
              + type
              + " of shape "
              + shape
              + ", which takes "
              + bytes
              + " bytes, but its data_offsets span "
              + span
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

  private ElementType type() {
    String dtype = json.path("dtype").asText();
    return Arrays.stream(ElementType.values())
        .filter(type -> type.name().equals(dtype))
        .findFirst()
        .orElseThrow(
            () ->
                failure(
                    "has dtype '"
                        + dtype
                        + "'; expected one of "
                        + Arrays.toString(ElementType.values())));
  }

  private List<Long> numbers(String field) {
    JsonNode array = json.path(field);
    if (!array.isArray() || array.size() > MAX_DIMENSIONS) {
      throw failure(
          "has no valid '"
              + field
              + "'; expected an array of at most "
              + MAX_DIMENSIONS
              + " numbers");
    }
    List<Long> numbers = new ArrayList<>(array.size());
    for (JsonNode number : array) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw failure(
            "has " + number + " in '" + field + "'; expected a whole number of 0 or more");
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }

  private long byteLength(List<Long> shape, ElementType type) {
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
