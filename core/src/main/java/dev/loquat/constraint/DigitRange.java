package dev.loquat.constraint;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The whole numbers of a range, zero or more, in decimal digits without leading zeros. */
final class DigitRange {
  private DigitRange() {}

  /** From least to most, both included; nothing if least is greater. */
  static Expr of(BigInteger least, BigInteger most) {
    List<Expr> options = new ArrayList<>();
    BigInteger from = least;
    while (from.compareTo(most) <= 0) {
      String low = from.toString();
      BigInteger next = BigInteger.TEN.pow(low.length());
      String high = most.min(next.subtract(BigInteger.ONE)).toString();
      options.add(between(low, high));
      from = next;
    }
    return new Expr.Choice(options);
  }

  /** Between two numbers of the same length. */
  private static Expr between(String low, String high) {
    if (low.isEmpty()) {
      return Expr.EMPTY;
    }
    char first = low.charAt(0);
    char last = high.charAt(0);
    if (first == last) {
      return Expr.sequence(digit(first, first), between(low.substring(1), high.substring(1)));
    }
    List<Expr> options = new ArrayList<>();
    options.add(Expr.sequence(digit(first, first), atLeast(low.substring(1))));
    options.add(Expr.sequence(digit(last, last), atMost(high.substring(1))));
    if (last - first > 1) {
      options.add(anyAfter(first + 1, last - 1, low.length() - 1));
    }
    return new Expr.Choice(options);
  }

  private static Expr atLeast(String low) {
    if (low.isEmpty()) {
      return Expr.EMPTY;
    }
    char first = low.charAt(0);
    Expr same = Expr.sequence(digit(first, first), atLeast(low.substring(1)));
    return first == '9' ? same : Expr.choice(same, anyAfter(first + 1, '9', low.length() - 1));
  }

  private static Expr atMost(String high) {
    if (high.isEmpty()) {
      return Expr.EMPTY;
    }
    char first = high.charAt(0);
    Expr same = Expr.sequence(digit(first, first), atMost(high.substring(1)));
    return first == '0' ? same : Expr.choice(same, anyAfter('0', first - 1, high.length() - 1));
  }

  private static Expr anyAfter(int low, int high, int digits) {
    return Expr.sequence(digit(low, high), Expr.repeat(digit('0', '9'), digits, digits));
  }

  private static Expr digit(int low, int high) {
    return new Expr.Range(low, high);
  }
}
