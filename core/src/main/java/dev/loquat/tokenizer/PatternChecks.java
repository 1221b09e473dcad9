package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Refuses regular expressions whose time can explode: a repeated group in which something repeats.
 * The library's engine gives up on those after a number of steps and ends the process.
 */
final class PatternChecks {

  private PatternChecks() {}

  static void check(TokenizerFile file) {
    for (String part : new String[] {"normalizer", "pre_tokenizer", "decoder"}) {
      for (JsonNode pattern : file.root().path(part).findValues("Regex")) {
        if (pattern.isTextual() && canExplode(pattern.textValue())) {
          throw file.damaged("has a pattern with nested repetition: " + pattern.textValue());
        }
      }
    }
  }

  /** Whether a group that repeats without bound holds something that does, too. */
  static boolean canExplode(String pattern) {
    boolean[] repeats = new boolean[pattern.length() + 1];
    int depth = 0;
    for (int i = 0; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> i = endOfClass(pattern, i);
        case '(' -> repeats[++depth] = false;
        case ')' -> {
          boolean inner = repeats[depth];
          depth = Math.max(0, depth - 1);
          if (inner && isUnbounded(pattern, i + 1)) {
            return true;
          }
          repeats[depth] |= inner;
        }
        default -> repeats[depth] |= isUnbounded(pattern, i);
      }
    }
    return false;
  }

  private static boolean isUnbounded(String pattern, int index) {
    if (index >= pattern.length()) {
      return false;
    }
    char c = pattern.charAt(index);
    return c == '*' || c == '+' || (c == '{' && pattern.indexOf(",}", index) >= 0);
  }

  private static int endOfClass(String pattern, int open) {
    int depth = 0;
    for (int i = open; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> depth++;
        case ']' -> {
          if (--depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return pattern.length();
  }
}
