package dev.loquat.constraint;

import java.util.Arrays;

/** Sets of token ids, one bit an id. */
final class Bits {
  private Bits() {}

  static void set(long[] bits, int id) {
    bits[id >> 6] |= 1L << id;
  }

  static boolean get(long[] bits, int id) {
    return (bits[id >> 6] & 1L << id) != 0;
  }

  static void addAll(long[] bits, long[] more) {
    for (int i = 0; i < bits.length; i++) {
      bits[i] |= more[i];
    }
  }

  static boolean isEmpty(long[] bits) {
    for (long word : bits) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  /** Gives every token that is not in the set, or beyond it, no chance. */
  static void keepOnly(long[] bits, float[] logits) {
    for (int word = 0; word << 6 < logits.length; word++) {
      long kept = word < bits.length ? bits[word] : 0;
      int end = Math.min(logits.length, (word + 1) << 6);
      if (kept == 0) {
        Arrays.fill(logits, word << 6, end, Float.NEGATIVE_INFINITY);
      } else if (kept != -1L) {
        keepOnly(kept, logits, word << 6, end);
      }
    }
  }

  private static void keepOnly(long kept, float[] logits, int from, int to) {
    for (int id = from; id < to; id++) {
      if ((kept & 1L << id) == 0) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
