package dev.loquat.constraint;

import java.util.Set;

/** Strings: any, of some length, by a pattern or by a format. */
final class StringSchema {
  private StringSchema() {}

  static Expr content(SchemaNode schema, Work work) {
    if (schema.has("pattern")) {
      requireAlone(schema, "pattern");
      return pattern(schema, work);
    }
    if (schema.has("format")) {
      requireAlone(schema, "format");
      return format(schema, work);
    }
    int least = schema.count("minLength", 0);
    int most = schema.count("maxLength", Expr.Repeat.UNBOUNDED);
    if (most < least) {
      throw schema.error("has 'maxLength' " + most + " below 'minLength' " + least);
    }
    return JsonText.string(least, most);
  }

  private static void requireAlone(SchemaNode schema, String keyword) {
    for (String other : Set.of("minLength", "maxLength", "format")) {
      if (schema.has(other) && !other.equals(keyword)) {
        throw schema.error(
            "has '" + other + "' beside '" + keyword + "', not supported; say it in a 'pattern',");
      }
    }
  }

  private static Expr pattern(SchemaNode schema, Work work) {
    try {
      return JsonText.quoted(RegexParser.search(schema.text("pattern"), JsonText::spell, work));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          schema.error("has a pattern that cannot be used").getMessage() + ": " + e.getMessage(),
          e);
    }
  }

  private static Expr format(SchemaNode schema, Work work) {
    String format = schema.text("format");
    String pattern =
        Formats.pattern(format)
            .orElseThrow(
                () ->
                    schema.error(
                        "has the format '"
                            + format
                            + "', expected one of "
                            + Formats.names()
                            + "; use a 'pattern',"));
    return JsonText.quoted(RegexParser.whole(pattern, Utf8::spell, work));
  }
}
