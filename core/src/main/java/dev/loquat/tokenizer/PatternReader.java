package dev.loquat.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a regular expression in Oniguruma's syntax piece by piece. */
final class PatternReader {

  private static final Pattern REPETITION =
      Pattern.compile("([*+?])[?+]?|\\{(?=[\\d,]+\\})(\\d{0,6})(,?)(\\d{0,6})\\}\\??");
  private static final Pattern GROUP_OPTIONS =
      Pattern.compile("\\?(?:[:=!>]|<[=!]|[a-z-]+:|[a-z-]+(?=\\)))|(?!\\?)");
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:[pPx]\\{[^}]*\\}|u[0-9A-Fa-f]{4}|[^gk1-9])", Pattern.DOTALL);

  private final String pattern;
  private int position;

  PatternReader(String pattern) {
    this.pattern = pattern;
  }

  /** How often the piece before may come. */
  record Repetition(int least, int most) {}

  boolean isAtEnd() {
    return position == pattern.length();
  }

  boolean isAtEndOfSequence() {
    return isAtEnd() || pattern.charAt(position) == '|' || pattern.charAt(position) == ')';
  }

  boolean skip(char expected) {
    boolean comes = !isAtEnd() && pattern.charAt(position) == expected;
    position += comes ? 1 : 0;
    return comes;
  }

  /** Skips what stands between a parenthesis and its content; false for kinds not known here. */
  boolean skipGroupOptions() {
    return match(GROUP_OPTIONS) != null;
  }

  /** Skips a character, class or escape; false for references and for a repeated repetition. */
  boolean skipAtom() {
    if (REPETITION.matcher(pattern).region(position, pattern.length()).lookingAt()) {
      return false;
    }
    return switch (pattern.charAt(position)) {
      case '\\' -> match(ESCAPE) != null;
      case '[' -> skipClass();
      default -> {
        position++;
        yield true;
      }
    };
  }

  private boolean skipClass() {
    int depth = 0;
    for (int i = position; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> depth++;
        case ']' -> {
          if (--depth == 0) {
            position = i + 1;
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  Repetition repetition() {
    Matcher matcher = match(REPETITION);
    if (matcher == null) {
      return new Repetition(1, 1);
    }
    if (matcher.group(1) == null) {
      int least = number(matcher.group(2), 0);
      return new Repetition(
          least, matcher.group(3).isEmpty() ? least : number(matcher.group(4), Integer.MAX_VALUE));
    }
    return switch (matcher.group(1)) {
      case "?" -> new Repetition(0, 1);
      case "+" -> new Repetition(1, Integer.MAX_VALUE);
      default -> new Repetition(0, Integer.MAX_VALUE);
    };
  }

  private static int number(String digits, int otherwise) {
    return digits.isEmpty() ? otherwise : Integer.parseInt(digits);
  }

  private @Nullable Matcher match(Pattern expected) {
    Matcher matcher = expected.matcher(pattern).region(position, pattern.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    position = matcher.end();
    return matcher;
  }
}
