package dev.loquat.benchmarks.constrained;

import dev.loquat.benchmarks.Passages;
import dev.loquat.constraint.Constraint;

/** The kinds of constraints, each with a text to keep to it that does not end soon. */
enum Kind {
  JSON_SCHEMA("jsonSchema"),
  COUNTED_STRING("countedString"),
  REGEX("regex"),
  COUNTED_REGEX("countedRegex"),
  CHOICE("choice");

  private static final String PEOPLE =
      """
      {"type": "array", "minItems": 8, "items": {
        "type": "object",
        "properties": {
          "name": {"type": "string"},
          "born": {"type": "string", "format": "date"},
          "role": {"enum": ["captain", "librarian", "gardener", "keeper"]},
          "children": {"type": "integer", "minimum": 0, "maximum": 12},
          "towns": {"type": "array", "items": {"type": "string"}}},
        "required": ["name", "born", "role", "children"]}}
      """;

  private static final String LINES =
      """
      {"type": "array", "minItems": 8, "items": {"type": "string", "minLength": 200, "maxLength": 255}}
      """;

  private static final String WORDS = "[a-z ]{1000,10000}";

  private static final String SENTENCES = "([A-Z][a-z]{1,11}( [a-z]{1,11}){2,14}[.!?] ){40,60}";

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  /** Its name in the figures. */
  String label() {
    return label;
  }

  /** Compiles the constraint anew. */
  Constraint compile() {
    return switch (this) {
      case JSON_SCHEMA -> Constraint.jsonSchema(PEOPLE);
      case COUNTED_STRING -> Constraint.jsonSchema(LINES);
      case REGEX -> Constraint.regex(SENTENCES);
      case COUNTED_REGEX -> Constraint.regex(WORDS);
      case CHOICE -> Constraint.choice(Passages.read().texts());
    };
  }
}
