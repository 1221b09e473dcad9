package dev.loquat.constraint;

import java.util.Set;

/** Strings: any, of some length, by a pattern or by a format. */
final class StringSchema {
  private final SchemaCompiler compiler;
  private final SchemaNode schema;

  StringSchema(SchemaCompiler compiler, SchemaNode schema) {
    this.compiler = compiler;
    this.schema = schema;
  }

  Expr content() {
    if (schema.has("pattern")) {
      requireAlone("pattern");
      return compiler.shared(schema, SchemaKind.STRING, this::pattern);
    }
    if (schema.has("format") && !saysNothing(schema.text("format"))) {
      requireAlone("format");
      return compiler.shared(schema, SchemaKind.STRING, this::format);
    }
    int least = schema.count("minLength", 0);
    int most = schema.count("maxLength", Expr.Repeat.UNBOUNDED);
    if (most < least) {
      throw schema.error("has 'maxLength' " + most + " below 'minLength' " + least);
    }
    return compiler.string(least, most);
  }

  private static boolean saysNothing(String format) {
    return Formats.isAny(format) || NumberSchema.isFormat(format);
  }

  private void requireAlone(String keyword) {
    for (String other : Set.of("minLength", "maxLength", "format")) {
      if (schema.has(other) && !other.equals(keyword)) {
        throw schema.error(
            "has '" + other + "' beside '" + keyword + "', not supported; say it in a 'pattern',");
      }
    }
  }

  private Expr pattern() {
    try {
      return JsonText.quoted(
          RegexParser.search(schema.text("pattern"), JsonText::spell, compiler.work()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          schema.error("has a pattern that cannot be used").getMessage() + ": " + e.getMessage(),
          e);
    }
  }

  private Expr format() {
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
    return JsonText.quoted(RegexParser.whole(pattern, Utf8::spell, compiler.work()));
  }
}
