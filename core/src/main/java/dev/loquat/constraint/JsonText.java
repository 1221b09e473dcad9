package dev.loquat.constraint;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.List;

/** How JSON is written (RFC 8259): compact, with at most one space after a comma or a colon. */
final class JsonText {
  static final Expr COMMA = Expr.sequence(Expr.text(","), Expr.optional(Expr.text(" ")));
  static final Expr COLON = Expr.sequence(Expr.text(":"), Expr.optional(Expr.text(" ")));
  static final Expr BOOLEAN = Expr.choice("true", "false");
  static final Expr NULL = Expr.text("null");

  private static final String SHORT_ESCAPES = "\"\\\b\f\n\r\t";
  private static final CodePoints ESCAPED =
      CodePoints.between(0, 0x1F).union(CodePoints.of("\"\\"));

  /** Characters that are more than one byte in their shortest spelling. */
  static final CodePoints LONG = CodePoints.between(0x80, Character.MAX_CODE_POINT).union(ESCAPED);

  /** Any character in any of its spellings; surrogates only in pairs. */
  private static final Expr ANY_CHARACTER =
      Expr.choice(
          Utf8.spell(ESCAPED.complement()),
          RegexParser.whole(
              "\\\\([\"\\\\/bfnrt]"
                  + "|u([0-9a-cA-CefEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}"
                  + "|[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}))"));

  private JsonText() {}

  /** One of some characters inside a string, each in its shortest spelling. */
  static Expr spell(CodePoints characters) {
    List<Expr> options = new ArrayList<>();
    CodePoints plain = characters.minus(ESCAPED);
    if (!plain.spans().isEmpty()) {
      options.add(Utf8.spell(plain));
    }
    for (CodePoints.Span span : characters.intersect(ESCAPED).spans()) {
      for (int c = span.low(); c <= span.high(); c++) {
        options.add(escape((char) c));
      }
    }
    return new Expr.Choice(List.copyOf(options));
  }

  private static Expr escape(char c) {
    return SHORT_ESCAPES.indexOf(c) >= 0
        ? Expr.text(quoteContent(String.valueOf(c)))
        : RegexParser.whole(String.format("(?:\\\\u00%x%s)", c >> 4, hexDigit(c & 0xF)));
  }

  private static String hexDigit(int value) {
    return value < 10 ? String.valueOf(value) : String.format("[%x%X]", value, value);
  }

  /** Any string. */
  static Expr string() {
    return quoted(Expr.repeat(ANY_CHARACTER, 0, Expr.Repeat.UNBOUNDED));
  }

  static Expr quoted(Expr content) {
    return Expr.sequence(Expr.text("\""), content, Expr.text("\""));
  }

  static Expr literal(String content) {
    return Expr.text('"' + quoteContent(content) + '"');
  }

  private static String quoteContent(String content) {
    return String.valueOf(JsonStringEncoder.getInstance().quoteAsString(content));
  }

  static Expr member(Expr key, Expr value) {
    return Expr.sequence(key, COLON, value);
  }

  static Expr object(Expr content) {
    return Expr.sequence(Expr.text("{"), content, Expr.text("}"));
  }

  static Expr array(Expr content) {
    return Expr.sequence(Expr.text("["), content, Expr.text("]"));
  }
}
