package dev.loquat.device;

/** The number format that a caller asks a model to be held and computed in. */
public enum Precision {
  /** IEEE 754 single precision, 4 bytes. */
  FP32,
  /** IEEE 754 half precision, 2 bytes. */
  FP16,
  /** The upper half of a single-precision number, 2 bytes. */
  BF16,
  /** Matrices in 8-bit integers with a scale for every 32 of them, 1.125 bytes. */
  INT8,
  /**
   * Layers' matrices in 4-bit integers with a scale and a minimum for every 32 of them, 0.75 bytes;
   * the head in 8 bits.
   */
  INT4,
  /**
   * Layers' matrices in 4-bit integers with a scale for every 32 of them, 0.625 bytes; the head in
   * 8 bits. Faster than {@link #INT4} and less exact: a small model may lose its sense.
   */
  INT4_SYMMETRIC;

  /**
   * Whether matrices are held in integers.
   *
   * @return true for the INT precisions
   */
  public boolean isQuantized() {
    return compareTo(INT8) >= 0;
  }
}
