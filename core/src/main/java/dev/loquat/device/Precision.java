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

  private static final float LARGEST_HALF = 65504f;
  private static final float HALF_OVERFLOW = 65520f;
  private static final float LARGEST_BRAIN = 0x1.FEp127f;
  private static final float BRAIN_OVERFLOW = 0x1.FFp127f;

  /**
   * Whether this is a half-precision type.
   *
   * @return true for FP16 and BF16
   */
  public boolean isHalf() {
    return this == FP16 || this == BF16;
  }

  /**
   * The largest finite number.
   *
   * @return that of the half type for FP16 and BF16, otherwise that of single precision
   */
  public float largestNumber() {
    return switch (this) {
      case FP16 -> LARGEST_HALF;
      case BF16 -> LARGEST_BRAIN;
      default -> Float.MAX_VALUE;
    };
  }

  /**
   * The largest magnitude in single precision that is rounded to a finite number, to the nearest
   * and to even where two are as near: less than half a step above {@link #largestNumber}.
   *
   * @return a finite number
   */
  public float largestRounded() {
    return switch (this) {
      case FP16 -> Math.nextDown(HALF_OVERFLOW);
      case BF16 -> Math.nextDown(BRAIN_OVERFLOW);
      default -> Float.MAX_VALUE;
    };
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
