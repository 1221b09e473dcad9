package dev.loquat.constraint;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers as JSON text. Their digits are bounded, at most 19 on either side of the point and two in
 * the exponent, so that a number always comes to an end and every double it can spell is finite.
 */
final class JsonNumbers {
  static final int MAX_DIGITS = 19;
  static final BigInteger GREATEST = BigInteger.TEN.pow(MAX_DIGITS).subtract(BigInteger.ONE);

  static final Expr ANY =
      RegexParser.whole("-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,19})?([eE][+-]?[0-9]{1,2})?");

  /** Whole numbers without point or exponent. */
  static final Expr WHOLE = RegexParser.whole("0|-?[1-9][0-9]{0,18}");

  private static final Expr DIGIT = new Expr.Range('0', '9');
  private static final Expr FRACTION =
      Expr.sequence(Expr.text("."), Expr.repeat(DIGIT, 1, MAX_DIGITS));
  private static final Expr ZERO_FRACTION =
      Expr.sequence(Expr.text("."), Expr.repeat(Expr.text("0"), 1, MAX_DIGITS));
  private static final Expr POSITIVE_FRACTION = RegexParser.whole("\\.0{0,9}[1-9][0-9]{0,9}");

  private JsonNumbers() {}

  /** A bound and whether it is itself allowed. */
  record Bound(BigInteger value, boolean inclusive) {
    Bound negate() {
      return new Bound(value.negate(), inclusive);
    }
  }

  /** Whole numbers, without point or exponent. */
  static Expr integer(BigInteger least, BigInteger most) {
    List<Expr> options = new ArrayList<>();
    if (least.signum() < 0) {
      BigInteger to = most.min(BigInteger.ONE.negate());
      options.add(Expr.sequence(Expr.text("-"), DigitRange.of(to.negate(), least.negate())));
    }
    if (most.signum() >= 0) {
      options.add(DigitRange.of(least.max(BigInteger.ZERO), most));
    }
    return new Expr.Choice(options);
  }

  /** Numbers between two bounds, without exponent. */
  static Expr number(Bound least, Bound most) {
    Expr positive = magnitude(atLeastZero(least), most);
    Expr negative = magnitude(atLeastZero(most.negate()), least.negate());
    return Expr.choice(positive, Expr.sequence(Expr.text("-"), negative));
  }

  private static Bound atLeastZero(Bound bound) {
    return bound.value.signum() < 0 ? new Bound(BigInteger.ZERO, true) : bound;
  }

  /** From a bound of zero or more up to another; nothing if there is none. */
  private static Expr magnitude(Bound least, Bound most) {
    int order = least.value.compareTo(most.value);
    if (order > 0) {
      return Expr.NOTHING;
    }
    if (order == 0) {
      return least.inclusive && most.inclusive ? exactly(least.value) : Expr.NOTHING;
    }
    List<Expr> options = new ArrayList<>();
    options.add(
        Expr.sequence(
            DigitRange.of(least.value, least.value),
            least.inclusive ? Expr.optional(FRACTION) : POSITIVE_FRACTION));
    options.add(
        Expr.sequence(
            DigitRange.of(least.value.add(BigInteger.ONE), most.value.subtract(BigInteger.ONE)),
            Expr.optional(FRACTION)));
    if (most.inclusive) {
      options.add(exactly(most.value));
    }
    return new Expr.Choice(options);
  }

  private static Expr exactly(BigInteger value) {
    return Expr.sequence(DigitRange.of(value, value), Expr.optional(ZERO_FRACTION));
  }
}
