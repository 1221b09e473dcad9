package dev.loquat.sampling;

/**
 * e^x for x of at most 0, from nothing but additions and multiplications, so that every platform
 * computes the same bits; {@link StrictMath} does so, too, but takes ten times as long. Relative
 * error below 1e-11.
 */
final class Exponential {

  /** Below this the result would leave the normal numbers, and is 0. */
  private static final double LEAST = -708;

  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN_2 = 0.6931471805599453;
  private static final int EXPONENT_BIAS = 1023;
  private static final int MANTISSA_BITS = 52;

  private Exponential() {}

  /** Taylor's series for the fraction of a power of two, at most half; the rest is an exponent. */
  static double of(double x) {
    if (x < LEAST) {
      return 0;
    }
    long power = (long) (x * LOG2_E - 0.5);
    double r = x - power * LN_2;
    double series =
        1
            + r
                * (1
                    + r
                        * (1.0 / 2)
                        * (1
                            + r
                                * (1.0 / 3)
                                * (1
                                    + r
                                        * (1.0 / 4)
                                        * (1 + r * (1.0 / 5) * (1 + r * (1.0 / 6) * tail(r))))));
    return series * Double.longBitsToDouble((power + EXPONENT_BIAS) << MANTISSA_BITS);
  }

  private static double tail(double r) {
    return 1 + r * (1.0 / 7) * (1 + r * (1.0 / 8) * (1 + r * (1.0 / 9) * (1 + r * (1.0 / 10))));
  }
}
