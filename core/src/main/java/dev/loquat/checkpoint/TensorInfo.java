package dev.loquat.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Where a tensor lies and what shape it has.
 *
 * @param name its name in the checkpoint
 * @param type the type of its elements
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param file the weight file that holds it, with symbolic links resolved
 * @param fileOffset the byte of the file at which its elements start, row-major, little-endian
 */
public record TensorInfo(
    String name, ElementType type, List<Long> shape, Path file, long fileOffset) {

  /** Copies the shape and checks that the byte length fits a long. */
  public TensorInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(file, "file");
    shape = List.copyOf(shape);
    if (fileOffset < 0) {
      throw new IllegalArgumentException("fileOffset is " + fileOffset + "; expected 0 or more");
    }
    Math.multiplyExact(product(shape), type.byteSize());
  }

  /**
   * The number of elements.
   *
   * @return the product of the shape, 1 for a scalar
   */
  public long elements() {
    return product(shape);
  }

  /**
   * The bytes that the elements take in the file.
   *
   * @return elements times the bytes of one
   */
  public long byteLength() {
    return elements() * type.byteSize();
  }

  private static long product(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }
}
