package dev.loquat.constraint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The types of JSON Schema and the keywords that each understands. */
enum SchemaKind {
  OBJECT("properties", "required", "additionalProperties"),
  ARRAY("items", "prefixItems", "minItems", "maxItems"),
  STRING("minLength", "maxLength", "pattern", "format"),
  INTEGER("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format"),
  NUMBER("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format"),
  BOOLEAN,
  NULL;

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<String> keywords;

  SchemaKind(String... keywords) {
    this.keywords = List.of(keywords);
  }

  List<String> keywords() {
    return keywords;
  }

  String typeName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<SchemaKind> named(String type) {
    return Arrays.stream(values()).filter(kind -> kind.typeName().equals(type)).findFirst();
  }

  /** The types a schema asks for: those it names, or else those whose keywords it uses. */
  static List<SchemaKind> of(SchemaNode schema) {
    if (schema.has("type")) {
      return named(schema);
    }
    Set<String> used = schema.keywords();
    return Arrays.stream(values())
        .filter(kind -> kind != INTEGER && kind.keywords.stream().anyMatch(kind.telling(used)))
        .toList();
  }

  /** A format says that a value is a string only. */
  private Predicate<String> telling(Set<String> used) {
    return keyword -> used.contains(keyword) && (this == STRING || !keyword.equals("format"));
  }

  private static List<SchemaKind> named(SchemaNode schema) {
    List<String> types = schema.texts("type");
    if (types.isEmpty()) {
      throw schema.error("has 'type': []; expected at least one of " + names());
    }
    return types.stream().map(type -> required(schema, type)).distinct().toList();
  }

  private static List<String> names() {
    return Arrays.stream(values()).map(SchemaKind::typeName).toList();
  }

  private static SchemaKind required(SchemaNode schema, String type) {
    return named(type)
        .orElseThrow(() -> schema.error("has the type '" + type + "', expected one of " + names()));
  }
}
