package dev.loquat.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sets of characters as byte sequences (RFC 3629). */
final class Utf8 {
  /** The last character of one, two, three and four bytes. */
  private static final int[] LAST = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

  private Utf8() {}

  static Expr spell(CodePoints characters) {
    List<Expr> options = new ArrayList<>();
    for (CodePoints.Span span : characters.spans()) {
      int low = span.low();
      for (int last : LAST) {
        if (low <= Math.min(last, span.high())) {
          split(low, Math.min(last, span.high()), options);
        }
        low = Math.max(low, last + 1);
      }
    }
    return options.size() == 1 ? options.get(0) : new Expr.Choice(List.copyOf(options));
  }

  /** Cuts a span of equally long characters into pieces whose bytes vary independently. */
  private static void split(int low, int high, List<Expr> options) {
    for (int bits = 6; bits <= 18; bits += 6) {
      int mask = (1 << bits) - 1;
      if ((low & ~mask) != (high & ~mask)) {
        if ((low & mask) != 0) {
          split(low, low | mask, options);
          split((low | mask) + 1, high, options);
          return;
        }
        if ((high & mask) != mask) {
          split(low, (high & ~mask) - 1, options);
          split(high & ~mask, high, options);
          return;
        }
      }
    }
    options.add(bytes(low, high));
  }

  private static Expr bytes(int low, int high) {
    byte[] first = new String(Character.toChars(low)).getBytes(StandardCharsets.UTF_8);
    byte[] last = new String(Character.toChars(high)).getBytes(StandardCharsets.UTF_8);
    List<Expr> ranges = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      ranges.add(new Expr.Range(first[i] & 0xFF, last[i] & 0xFF));
    }
    return ranges.size() == 1 ? ranges.get(0) : new Expr.Sequence(List.copyOf(ranges));
  }
}
