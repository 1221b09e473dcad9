package dev.loquat.constraint;

/** A position in a pattern. */
final class RegexReader {
  private static final int MAX_CHARS = 1 << 16;
  private final String pattern;
  private int position;

  RegexReader(String pattern) {
    if (pattern.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "The regular expression has "
              + pattern.length()
              + " characters; expected at most "
              + MAX_CHARS);
    }
    this.pattern = pattern;
  }

  int position() {
    return position;
  }

  boolean isAtEnd() {
    return position == pattern.length();
  }

  boolean isAt(String expected) {
    return pattern.startsWith(expected, position);
  }

  boolean skip(String expected) {
    boolean comes = isAt(expected);
    position += comes ? expected.length() : 0;
    return comes;
  }

  /** Takes the next character. */
  int next(String expected) {
    if (isAtEnd()) {
      throw error(position, "ends too early", "expected " + expected);
    }
    int codePoint = pattern.codePointAt(position);
    position += Character.charCount(codePoint);
    return codePoint;
  }

  /** Takes digits up to where others come; -1 if there are none. */
  int number(int most) {
    int start = position;
    long number = 0;
    while (!isAtEnd() && Character.digit(pattern.charAt(position), 10) >= 0) {
      number = Math.min(Integer.MAX_VALUE, number * 10 + Character.digit(next("a digit"), 10));
    }
    if (number > most) {
      throw error(start, "repeats " + number + " times", "expected at most " + most);
    }
    return start == position ? -1 : (int) number;
  }

  /** Takes so many hexadecimal digits. */
  int hex(int digits) {
    int start = position;
    int end = Math.min(pattern.length(), position + digits);
    String text = pattern.substring(start, end);
    position = end;
    if (text.length() < digits
        || !text.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
      throw error(start, "has '" + text + "'", "expected " + digits + " hexadecimal digits");
    }
    return Integer.parseInt(text, 16);
  }

  /** Takes the text up to and with a terminator. */
  String until(char terminator) {
    int end = pattern.indexOf(terminator, position);
    if (end < 0) {
      throw error(position, "ends too early", "expected '" + terminator + "'");
    }
    String text = pattern.substring(position, end);
    position = end + 1;
    return text;
  }

  /** Where the group ends that begins here, behind its parenthesis; -1 if it does not. */
  int groupEnd() {
    int open = 0;
    boolean inClass = false;
    for (int at = position; at < pattern.length(); at++) {
      char c = pattern.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '[' || c == ']') {
        inClass = c == '[';
      } else if (!inClass && (c == '(' || c == ')')) {
        open += c == '(' ? 1 : -1;
        if (open == 0) {
          return at + 1;
        }
      }
    }
    return -1;
  }

  /** Whether an alternative ends at a place, maybe with an anchor. */
  boolean isAlternativeEnd(int at) {
    int end = at >= 0 && pattern.startsWith("$", at) ? at + 1 : at;
    return end == pattern.length()
        || (end >= 0 && (pattern.charAt(end) == '|' || pattern.charAt(end) == ')'));
  }

  IllegalArgumentException unsupported(int at, String what) {
    return error(at, "has " + what + ", which is not supported", "write it without");
  }

  IllegalArgumentException error(int at, String problem, String remedy) {
    return new IllegalArgumentException(
        "The regular expression '"
            + (pattern.length() > 200 ? pattern.substring(0, 200) + "…" : pattern)
            + "' "
            + problem
            + " at position "
            + at
            + "; "
            + remedy);
  }
}
