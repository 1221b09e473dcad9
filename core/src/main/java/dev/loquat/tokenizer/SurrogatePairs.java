package dev.loquat.tokenizer;

/** Surrogates without their other half, which no UTF-8 text can hold. */
final class SurrogatePairs {

  private static final int REPLACEMENT = 0xFFFD;

  private SurrogatePairs() {}

  /** The text with U+FFFD for every lone surrogate; the text itself if it has none. */
  static String repair(String text) {
    if (text.codePoints().noneMatch(SurrogatePairs::isLone)) {
      return text;
    }
    int[] points = text.codePoints().map(c -> isLone(c) ? REPLACEMENT : c).toArray();
    return new String(points, 0, points.length);
  }

  private static boolean isLone(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
