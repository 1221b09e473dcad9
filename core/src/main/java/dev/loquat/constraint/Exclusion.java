package dev.loquat.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether no value can satisfy two schemas, as {@code oneOf} needs. Recognizes different
 * types, different listed values, and objects with a required property for which that is so.
 */
final class Exclusion {
  private static final int MAX_DEPTH = 16;

  /** To compare types, without values and properties. */
  private static final int STEPS_A_PAIR = 500;

  private final SchemaDocument document;
  private final Work work;

  Exclusion(SchemaDocument document, Work work) {
    this.document = document;
    this.work = work;
  }

  void requireExclusive(SchemaNode schema, List<SchemaNode> parts) {
    for (int i = 0; i < parts.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (!areExclusive(parts.get(j), parts.get(i), 0)) {
          throw schema.error(
              "has 'oneOf' whose schemas "
                  + j
                  + " and "
                  + i
                  + " may both hold; give them different types or a required property with"
                  + " different 'const' values, or use 'anyOf',");
        }
      }
    }
  }

  private boolean areExclusive(SchemaNode first, SchemaNode second, int depth) {
    Optional<SchemaNode> a = resolved(first);
    Optional<SchemaNode> b = resolved(second);
    if (a.isEmpty() || b.isEmpty() || depth == MAX_DEPTH) {
      return false;
    }
    work.add(STEPS_A_PAIR + size(a.get()) * size(b.get()));
    return haveOtherValues(a.get(), b.get())
        || haveOtherTypes(types(a.get()), types(b.get()))
        || haveExclusiveProperty(a.get(), b.get(), depth + 1);
  }

  /** How much of a schema is compared with all of another: its values or property names. */
  private static long size(SchemaNode schema) {
    return Math.max(
        1, Math.max(schema.json().path("enum").size(), schema.json().path("required").size()));
  }

  private Optional<SchemaNode> resolved(SchemaNode schema) {
    SchemaNode at = schema;
    for (int i = 0; i < MAX_DEPTH; i++) {
      if (!at.has("$ref")) {
        return Optional.of(at);
      }
      at = document.at(document.target(at));
    }
    return Optional.empty();
  }

  private static boolean isListed(SchemaNode schema) {
    return schema.has("enum") || schema.has("const");
  }

  private static boolean haveOtherValues(SchemaNode a, SchemaNode b) {
    return isListed(a)
        && isListed(b)
        && values(a).stream().noneMatch(value -> isAmong(value, values(b)));
  }

  private static List<JsonNode> values(SchemaNode schema) {
    List<JsonNode> values = new ArrayList<>(SchemaValues.list(schema));
    if (schema.isNullable()) {
      values.add(NullNode.instance);
    }
    return values;
  }

  private static boolean isAmong(JsonNode value, List<JsonNode> values) {
    return values.stream().anyMatch(other -> isEqual(value, other));
  }

  /** As JSON Schema has it, 1 equals 1.0. Numbers inside lists and objects count as equal. */
  private static boolean isEqual(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    return a.isContainerNode() ? b.isContainerNode() : a.equals(b);
  }

  private static Set<SchemaKind> types(SchemaNode schema) {
    Set<SchemaKind> types = EnumSet.noneOf(SchemaKind.class);
    if (isListed(schema)) {
      for (JsonNode value : values(schema)) {
        EnumSet.allOf(SchemaKind.class).stream().filter(k -> isOf(value, k)).forEach(types::add);
      }
    } else {
      types.addAll(SchemaKind.of(schema));
    }
    if (!types.isEmpty() && schema.isNullable()) {
      types.add(SchemaKind.NULL);
    }
    return types.isEmpty() ? EnumSet.allOf(SchemaKind.class) : types;
  }

  private static boolean haveOtherTypes(Set<SchemaKind> a, Set<SchemaKind> b) {
    return a.stream().noneMatch(kind -> b.contains(kind) || b.contains(number(kind)))
        && b.stream().noneMatch(kind -> a.contains(number(kind)));
  }

  private static SchemaKind number(SchemaKind kind) {
    return kind == SchemaKind.INTEGER ? SchemaKind.NUMBER : kind;
  }

  private boolean haveExclusiveProperty(SchemaNode a, SchemaNode b, int depth) {
    if (!areObjects(a, b)) {
      return false;
    }
    return a.texts("required").stream()
        .filter(b.texts("required")::contains)
        .filter(name -> defines(a, name) && defines(b, name))
        .anyMatch(name -> areExclusive(a.property(name), b.property(name), depth));
  }

  private static boolean areObjects(SchemaNode a, SchemaNode b) {
    Set<SchemaKind> onlyObject = Set.of(SchemaKind.OBJECT);
    return types(a).equals(onlyObject)
        && types(b).equals(onlyObject)
        && a.has("required")
        && b.has("required");
  }

  private static boolean defines(SchemaNode schema, String name) {
    return schema.json().path("properties").has(name);
  }

  private static boolean isWhole(JsonNode value) {
    return value.isNumber()
        && (value.isIntegralNumber() || value.decimalValue().stripTrailingZeros().scale() <= 0);
  }

  static boolean isOf(JsonNode value, SchemaKind kind) {
    return switch (kind) {
      case OBJECT -> value.isObject();
      case ARRAY -> value.isArray();
      case STRING -> value.isTextual();
      case INTEGER -> isWhole(value);
      case NUMBER -> value.isNumber();
      case BOOLEAN -> value.isBoolean();
      case NULL -> value.isNull();
    };
  }
}
