package dev.loquat.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one schema of two that both hold, where keyword by keyword says enough; other schemas are
 * refused.
 */
final class SchemaMerge {
  private static final int MAX_REFERENCES = 16;
  private static final int MAX_DEPTH = 64;
  private static final Set<String> LEAST =
      Set.of("minimum", "exclusiveMinimum", "minLength", "minItems");
  private static final Set<String> MOST =
      Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final SchemaDocument document;
  private final SchemaNode place;
  private final int depth;

  /** Creates one whose messages name a place. */
  SchemaMerge(SchemaDocument document, SchemaNode place) {
    this(document, place, 0);
  }

  private SchemaMerge(SchemaDocument document, SchemaNode place, int depth) {
    if (depth > MAX_DEPTH) {
      throw place.error(
          "has parts that refer to each other in a circle, or more than " + MAX_DEPTH + " deep,");
    }
    this.document = document;
    this.place = place;
    this.depth = depth;
  }

  /** What a schema says beside a keyword, annotations left out. */
  static SchemaNode beside(SchemaNode schema, String keyword) {
    ObjectNode rest = schema.json().deepCopy();
    rest.retain(schema.keywords());
    rest.remove(keyword);
    return new SchemaNode(rest, schema.path());
  }

  SchemaNode merge(List<SchemaNode> parts) {
    SchemaNode all = new SchemaNode(JSON.objectNode(), place.path());
    for (SchemaNode part : parts) {
      all = merge(all, part);
    }
    return all;
  }

  SchemaNode merge(SchemaNode first, SchemaNode second) {
    SchemaNode a = plain(first);
    SchemaNode b = plain(second);
    if (a.json().isBoolean()) {
      return a.json().booleanValue() ? b : a;
    } else if (b.json().isBoolean()) {
      return b.json().booleanValue() ? a : b;
    }
    if (typesOf(a, b).isEmpty() || valuesOf(a, b).isEmpty()) {
      return new SchemaNode(BooleanNode.FALSE, place.path());
    }
    requireSameOthers(a, b);
    ObjectNode merged = a.json().deepCopy();
    for (Map.Entry<String, JsonNode> keyword : b.json().properties()) {
      JsonNode known = merged.get(keyword.getKey());
      merged.set(
          keyword.getKey(), known == null ? keyword.getValue() : both(keyword.getKey(), a, b));
    }
    return new SchemaNode(merged, place.path());
  }

  /** Without a reference, annotations, or an {@code allOf}. */
  private SchemaNode plain(SchemaNode schema) {
    SchemaNode at = schema;
    for (int i = 0; at.has("$ref"); i++) {
      if (i == MAX_REFERENCES) {
        throw place.error("has a $ref that leads to more than " + i + " others");
      }
      SchemaNode rest = beside(at, "$ref");
      SchemaNode target = document.at(document.target(at));
      at = rest.json().isEmpty() ? target : within(at).merge(rest, target);
    }
    if (at.json().isBoolean()) {
      return at;
    }
    if (at.isNullable()) {
      throw place.error("has parts with 'nullable', not supported; say it in 'type'");
    }
    SchemaNode plain = beside(at, "");
    return plain.has("allOf")
        ? merge(beside(plain, "allOf"), within(at).merge(at.list("allOf")))
        : plain;
  }

  private SchemaMerge within(SchemaNode schema) {
    return new SchemaMerge(document, schema, depth + 1);
  }

  private JsonNode both(String keyword, SchemaNode first, SchemaNode second) {
    JsonNode a = first.json().path(keyword);
    JsonNode b = second.json().path(keyword);
    if (a.equals(b)) {
      return a;
    } else if (LEAST.contains(keyword) && a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) < 0 ? b : a;
    } else if (MOST.contains(keyword) && a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) < 0 ? a : b;
    }
    return switch (keyword) {
      case "type" -> types(first, second);
      case "properties" -> properties(a, b);
      case "required" -> union(a, b);
      case "enum" -> JSON.arrayNode().addAll(valuesOf(first, second));
      default -> throw refusal(keyword);
    };
  }

  private IllegalArgumentException refusal(String keyword) {
    return place.error(
        "has parts that say different things with '"
            + keyword
            + "', which can't be merged; write one schema,");
  }

  /** The types that both allow; something if one of them does not say. */
  private Set<SchemaKind> typesOf(SchemaNode a, SchemaNode b) {
    if (!a.has("type") || !b.has("type")) {
      return EnumSet.allOf(SchemaKind.class);
    }
    return common(withIntegers(a), withIntegers(b));
  }

  private static Set<SchemaKind> withIntegers(SchemaNode schema) {
    Set<SchemaKind> kinds = EnumSet.copyOf(SchemaKind.of(schema));
    if (kinds.contains(SchemaKind.NUMBER)) {
      kinds.add(SchemaKind.INTEGER);
    }
    return kinds;
  }

  private static <T> Set<T> common(Set<T> a, Set<T> b) {
    Set<T> common = new LinkedHashSet<>(a);
    common.retainAll(b);
    return common;
  }

  private JsonNode types(SchemaNode a, SchemaNode b) {
    Set<SchemaKind> common = typesOf(a, b);
    ArrayNode names = JSON.arrayNode();
    common.stream()
        .filter(kind -> kind != SchemaKind.INTEGER || !common.contains(SchemaKind.NUMBER))
        .forEach(kind -> names.add(kind.typeName()));
    return names.size() == 1 ? names.get(0) : names;
  }

  /** The values that both list; something if one of them lists none. */
  private static Set<JsonNode> valuesOf(SchemaNode a, SchemaNode b) {
    if (!a.has("enum") || !b.has("enum")) {
      return Set.of(BooleanNode.TRUE);
    }
    return common(
        new LinkedHashSet<>(SchemaValues.list(a)), new LinkedHashSet<>(SchemaValues.list(b)));
  }

  private JsonNode properties(JsonNode a, JsonNode b) {
    if (!a.isObject() || !b.isObject()) {
      throw place.error("has 'properties' that are no object");
    }
    ObjectNode all = a.deepCopy();
    for (Map.Entry<String, JsonNode> property : b.properties()) {
      JsonNode known = all.get(property.getKey());
      if (known != null && !known.equals(property.getValue())) {
        ArrayNode parts = JSON.arrayNode().add(known).add(property.getValue());
        all.set(property.getKey(), JSON.objectNode().set("allOf", parts));
      } else {
        all.set(property.getKey(), property.getValue());
      }
    }
    return all;
  }

  private static JsonNode union(JsonNode a, JsonNode b) {
    ArrayNode all = a.isArray() ? a.deepCopy() : JSON.arrayNode().add(a);
    Set<JsonNode> known = all.valueStream().collect(Collectors.toSet());
    b.valueStream().filter(known::add).forEach(all::add);
    return all;
  }

  /** A part that forbids other properties, or says what they are, must know those of the other. */
  private void requireSameOthers(SchemaNode a, SchemaNode b) {
    requireKnown(a, b);
    requireKnown(b, a);
  }

  private void requireKnown(SchemaNode closed, SchemaNode other) {
    Optional<String> unknown =
        Optional.of(closed)
            .filter(schema -> schema.has("additionalProperties"))
            .filter(schema -> !isTrue(schema.json().path("additionalProperties")))
            .flatMap(
                schema ->
                    other
                        .json()
                        .path("properties")
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .filter(name -> !schema.json().path("properties").has(name))
                        .findFirst());
    if (unknown.isPresent()) {
      throw place.error(
          "has a part with 'additionalProperties' that does not name the property '"
              + unknown.get()
              + "' of another; write one schema,");
    }
  }

  private static boolean isTrue(JsonNode schema) {
    return (schema.isBoolean() && schema.booleanValue()) || (schema.isObject() && schema.isEmpty());
  }
}
