package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The parts of a regular expression that stand for one of some characters. */
final class CharacterClasses {
  private static final CodePoints DIGIT = CodePoints.between('0', '9');
  private static final CodePoints WORD =
      DIGIT
          .union(CodePoints.between('a', 'z'))
          .union(CodePoints.between('A', 'Z'))
          .union(CodePoints.of('_'));
  private static final CodePoints SPACE = CodePoints.of(" \t\n\u000B\f\r");

  /** What ends a line by Java's rules, which include those of ECMAScript. */
  static final CodePoints DOT = CodePoints.of("\n\r\u0085\u2028\u2029").complement();

  private final RegexReader reader;
  private final Work work;

  CharacterClasses(RegexReader reader, Work work) {
    this.reader = reader;
    this.work = work;
  }

  /** After a backslash. */
  CodePoints escape() {
    int at = reader.position() - 1;
    int c = reader.next("a character after the backslash");
    return switch (c) {
      case 'd' -> DIGIT;
      case 'D' -> DIGIT.complement();
      case 'w' -> WORD;
      case 'W' -> WORD.complement();
      case 's' -> SPACE;
      case 'S' -> SPACE.complement();
      case 'n' -> CodePoints.of('\n');
      case 'r' -> CodePoints.of('\r');
      case 't' -> CodePoints.of('\t');
      case 'f' -> CodePoints.of('\f');
      case 'x' -> single(at, reader.hex(2));
      case 'u' -> single(at, reader.hex(4));
      case 'p' -> property(at);
      case 'P' -> property(at).complement();
      default -> literal(at, c);
    };
  }

  /** As Java knows it, with a name of one letter or in braces. */
  private CodePoints property(int at) {
    String name =
        reader.skip("{") ? reader.until('}') : Character.toString(reader.next("a property"));
    Pattern pattern;
    try {
      pattern = Pattern.compile("\\p{" + name + "}+");
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          reader.error(at, "has the property '" + name + "'", "use one of Java's").getMessage(), e);
    }
    work.add(Character.MAX_CODE_POINT);
    return CodePoints.found(pattern);
  }

  private CodePoints literal(int at, int c) {
    String escape = "\\" + Character.toString(c);
    if ((c >= '1' && c <= '9') || c == 'k') {
      throw reader.unsupported(at, "the backreference '" + escape + "'");
    }
    if (c < 128 && Character.isLetterOrDigit(c)) {
      throw reader.unsupported(at, "the escape '" + escape + "'");
    }
    return single(at, c);
  }

  /** One character, which must be a whole one. */
  CodePoints single(int at, int c) {
    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw reader.error(
          at,
          "has the surrogate U+" + Integer.toHexString(c).toUpperCase(Locale.ROOT),
          "write the whole character");
    }
    return CodePoints.of(c);
  }

  /** After an opening bracket. */
  CodePoints bracket() {
    int start = reader.position() - 1;
    boolean negated = reader.skip("^");
    List<CodePoints> items = new ArrayList<>();
    while (items.isEmpty() || !reader.isAt("]")) {
      items.add(item());
    }
    reader.skip("]");
    CodePoints all = CodePoints.union(items);
    CodePoints matched = negated ? all.complement() : all;
    if (matched.spans().isEmpty()) {
      throw reader.error(start, "has a class without characters", "give it at least one");
    }
    return matched;
  }

  private CodePoints item() {
    int at = reader.position();
    CodePoints low = atom();
    if (!reader.isAt("-") || reader.isAt("-]") || isSeveral(low)) {
      return low; // Behind a class, Java takes a '-' for itself.
    }
    reader.skip("-");
    CodePoints high = atom();
    int from = only(at, low);
    int to = only(at, high);
    if (from > to) {
      throw reader.error(at, "has a range that ends before it begins", "swap its ends");
    }
    return CodePoints.between(from, to);
  }

  private static boolean isSeveral(CodePoints set) {
    return set.spans().size() != 1 || set.spans().get(0).low() != set.spans().get(0).high();
  }

  private int only(int at, CodePoints set) {
    CodePoints.Span span = set.spans().get(0);
    if (isSeveral(set)) {
      throw reader.error(at, "has a range with a class as its end", "use single characters");
    }
    return span.low();
  }

  private CodePoints atom() {
    int at = reader.position();
    if (reader.isAt("&&")) {
      throw reader.unsupported(at, "the intersection '&&'");
    }
    int c = reader.next("']'");
    if (c == '[' || c == ']') {
      throw reader.error(at, "has a bracket inside a class", "escape it with a backslash");
    }
    if (c == '\\') {
      return escape();
    }
    return single(at, c);
  }
}
