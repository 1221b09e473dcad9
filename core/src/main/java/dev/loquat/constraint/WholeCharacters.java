package dev.loquat.constraint;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Refuses texts with half a character: UTF-8 has no bytes for a surrogate without its pair. */
final class WholeCharacters {
  private static final int SHOWN_CHARS = 100;

  private WholeCharacters() {}

  /** Checks a text that a message calls by some name. */
  static void require(String text, String name) {
    OptionalInt lone = text.codePoints().filter(WholeCharacters::isSurrogate).findFirst();
    if (lone.isPresent()) {
      throw new IllegalArgumentException(
          name
              + " \""
              + shown(text)
              + "\" has the surrogate U+"
              + hex(lone.getAsInt())
              + " without its pair; write the whole character");
    }
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** Surrogates as escapes, since no console shows them. */
  private static String shown(String text) {
    IntStream codePoints = text.codePoints().limit(SHOWN_CHARS);
    StringBuilder shown = new StringBuilder();
    codePoints.forEach(c -> shown.append(isSurrogate(c) ? "\\u" + hex(c) : Character.toString(c)));
    return shown + (text.codePoints().count() > SHOWN_CHARS ? "…" : "");
  }

  private static String hex(int codePoint) {
    return Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
  }
}
