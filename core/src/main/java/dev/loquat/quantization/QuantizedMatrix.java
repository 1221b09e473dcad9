package dev.loquat.quantization;

import java.util.Objects;

/**
 * Where a matrix in blocks lies among the converted weights: its codes, scales and offsets, one
 * after the other, each from a multiple of {@value #ALIGNMENT} bytes.
 *
 * @param name the name of its stack
 * @param format its layout
 * @param rows its outputs
 * @param inputs the elements of a row
 * @param codesPosition the first byte of its codes
 */
public record QuantizedMatrix(
    String name, BlockFormat format, long rows, long inputs, long codesPosition) {
  /** What positions are multiples of. */
  public static final int ALIGNMENT = 64;

  /** Checks for nulls. */
  public QuantizedMatrix {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(format, "format");
  }

  /**
   * The blocks of a row.
   *
   * @return 1 or more
   */
  public long blocks() {
    return format.blocks(inputs);
  }

  /**
   * The bytes of the codes.
   *
   * @return the codes of all rows
   */
  public long codesLength() {
    return rows * blocks() * format.blockBytes();
  }

  /**
   * The bytes of the scales, which are also those of the offsets.
   *
   * @return four for each block
   */
  public long scalesLength() {
    return rows * blocks() * Float.BYTES;
  }

  /**
   * The first byte of the scales.
   *
   * @return a position among the converted weights
   */
  public long scalesPosition() {
    return aligned(codesPosition + codesLength());
  }

  /**
   * The first byte of the offsets.
   *
   * @return a position among the converted weights
   * @throws IllegalStateException if the format has none
   */
  public long offsetsPosition() {
    if (!format.offset()) {
      throw new IllegalStateException(name + " has no offsets");
    }
    return aligned(scalesPosition() + scalesLength());
  }

  /** Where the next matrix begins. */
  long end() {
    long last = format.offset() ? offsetsPosition() : scalesPosition();
    return aligned(last + scalesLength());
  }

  private static long aligned(long position) {
    return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
