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
  INT4_SYMMETRIC,
  /**
   * The backend's choice: on a CPU what a short measurement finds fastest, on other devices the
   * half type nearest to the checkpoint's; never less exact than FP16 unless nothing wider fits
   * into memory.
   */
  AUTO;

  /**
   * Whether this is a half-precision type.
   *
   * @return true for FP16 and BF16
   */
  public boolean isHalf() {
    return this == FP16 || this == BF16;
  }

  /**
   * Whether matrices are held in integers.
   *
   * @return true for the INT precisions
   */
  public boolean isQuantized() {
    return this == INT8 || this == INT4 || this == INT4_SYMMETRIC;
  }
}
