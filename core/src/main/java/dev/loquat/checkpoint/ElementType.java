package dev.loquat.checkpoint;

/** The type of a tensor's elements as it stands in a weight file. */
public enum ElementType {
  /** IEEE 754 double precision. */
  F64(8),
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper half of a single-precision number. */
  BF16(2),
  /** Signed 64-bit integer. */
  I64(8),
  /** Signed 32-bit integer. */
  I32(4),
  /** Signed 16-bit integer. */
  I16(2),
  /** Signed 8-bit integer. */
  I8(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** One byte, 0 or 1. */
  BOOL(1);

  private final int byteSize;

  ElementType(int byteSize) {
    this.byteSize = byteSize;
  }

  /**
   * The bytes of one element.
   *
   * @return 1, 2, 4 or 8
   */
  public int byteSize() {
    return byteSize;
  }

  /**
   * Whether elements are floating-point numbers, as the weights of a decoder must be.
   *
   * @return true for F64, F32, F16 and BF16
   */
  public boolean isFloatingPoint() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }
}
