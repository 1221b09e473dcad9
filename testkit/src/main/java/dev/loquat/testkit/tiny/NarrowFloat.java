package dev.loquat.testkit.tiny;

/** Rounds single-precision numbers to two bytes, to the nearest, ties to even. */
final class NarrowFloat {
  private static final float HALF_MIN_NORMAL = 0x1p-14f;
  private static final float HALF_OVERFLOW = 65520;
  private static final int EXPONENT_SHIFT = (127 - 15) << 23;

  private NarrowFloat() {}

  /** The bits in half precision. */
  static short half(float value) {
    float magnitude = Math.abs(value);
    if (!(magnitude < HALF_OVERFLOW)) {
      throw new IllegalArgumentException(value + "; expected less than " + HALF_OVERFLOW);
    }
    int sign = (Float.floatToRawIntBits(value) >>> 16) & 0x8000;
    return (short)
        (sign | (magnitude < HALF_MIN_NORMAL ? subnormal(magnitude) : normal(magnitude)));
  }

  /** The bits in bfloat16. */
  static short brain(float value) {
    return (short) rounded(Float.floatToRawIntBits(value), 16);
  }

  private static int subnormal(float magnitude) {
    return (int) Math.rint(magnitude * 0x1p24);
  }

  private static int normal(float magnitude) {
    return rounded(Float.floatToRawIntBits(magnitude) - EXPONENT_SHIFT, 13);
  }

  private static int rounded(int bits, int dropped) {
    int odd = (bits >>> dropped) & 1;
    return (bits + (1 << (dropped - 1)) - 1 + odd) >>> dropped;
  }
}
