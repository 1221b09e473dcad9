package dev.loquat.checkpoint.safetensors;

/** IEEE 754 half precision to single precision; JDK 17 has no conversion of its own. */
final class HalfPrecision {
  private static final int EXPONENT_MASK = 0x7c00;
  private static final int FRACTION_MASK = 0x03ff;
  private static final int FRACTION_SHIFT = 13;
  private static final int EXPONENT_REBIAS = (127 - 15) << 23;
  private static final float SUBNORMAL_UNIT = 0x1p-24f;

  private HalfPrecision() {}

  static float toFloat(short half) {
    int exponent = half & EXPONENT_MASK;
    int fraction = half & FRACTION_MASK;
    int sign = (half & 0x8000) << 16;
    if (exponent == 0) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * SUBNORMAL_UNIT));
    }
    if (exponent == EXPONENT_MASK) {
      return Float.intBitsToFloat(sign | 0x7f80_0000 | (fraction << FRACTION_SHIFT));
    }
    int bits = ((exponent | fraction) << FRACTION_SHIFT) + EXPONENT_REBIAS;
    return Float.intBitsToFloat(sign | bits);
  }
}
