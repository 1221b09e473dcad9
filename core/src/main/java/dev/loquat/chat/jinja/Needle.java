package dev.loquat.chat.jinja;

/** A text to search for, in time linear in both texts (Knuth, Morris and Pratt, 1977). */
final class Needle {

  private final String needle;

  /** By how many characters match: how many of the last ones do after a mismatch. */
  private final int[] fallbacks;

  Needle(String needle) {
    this.needle = needle;
    this.fallbacks = new int[needle.length() + 1];
    int matched = 0;
    for (int i = 1; i < needle.length(); i++) {
      matched = matched(matched, needle.charAt(i));
      fallbacks[i + 1] = matched;
    }
  }

  int length() {
    return needle.length();
  }

  /** The first place at or after an index; -1 if there is none. */
  int first(String text, int from) {
    int matched = 0;
    for (int i = from; i < text.length() && matched < needle.length(); i++) {
      matched = matched(matched, text.charAt(i));
      if (matched == needle.length()) {
        return i + 1 - matched;
      }
    }
    return needle.isEmpty() ? from : -1;
  }

  /** The last place; -1 if there is none. */
  int last(String text) {
    int last = needle.isEmpty() ? text.length() : -1;
    int matched = 0;
    for (int i = 0; i < text.length() && !needle.isEmpty(); i++) {
      matched = matched(matched, text.charAt(i));
      last = matched == needle.length() ? i + 1 - matched : last;
    }
    return last;
  }

  private int matched(int before, char next) {
    int matched = before;
    while (matched > 0 && (matched == needle.length() || needle.charAt(matched) != next)) {
      matched = fallbacks[matched];
    }
    return needle.charAt(matched) == next ? matched + 1 : 0;
  }
}
