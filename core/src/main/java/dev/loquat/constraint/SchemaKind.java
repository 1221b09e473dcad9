package dev.loquat.constraint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The types of JSON Schema and the keywords that each understands. */
enum SchemaKind {
  OBJECT("properties", "required", "additionalProperties"),
  ARRAY("items", "minItems", "maxItems"),
  STRING("minLength", "maxLength", "pattern", "format"),
  INTEGER("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
  NUMBER("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
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
        .filter(kind -> kind != INTEGER && kind.keywords.stream().anyMatch(used::contains))
        .toList();
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
