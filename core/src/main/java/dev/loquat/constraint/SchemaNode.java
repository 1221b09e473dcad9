package dev.loquat.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A schema within a document.
 *
 * @param json an object or a boolean
 * @param path where it stands, as a JSON pointer after {@code #}
 */
record SchemaNode(JsonNode json, String path) {
  /** Keywords that say nothing of which texts are valid. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$schema",
          "$id",
          "$comment",
          "$anchor",
          "$defs",
          "definitions",
          "contentEncoding",
          "contentMediaType",
          "contentSchema",
          "discriminator",
          "example",
          "externalDocs",
          "nullable",
          "xml");

  /** What OpenAPI's extensions begin with. */
  private static final String EXTENSION = "x-";

  boolean has(String keyword) {
    return json.has(keyword);
  }

  /** Keywords that decide which texts are valid. */
  Set<String> keywords() {
    Set<String> keywords = new TreeSet<>();
    json.fieldNames().forEachRemaining(keywords::add);
    keywords.removeIf(SchemaNode::isAnnotation);
    return keywords;
  }

  static boolean isAnnotation(String keyword) {
    return ANNOTATIONS.contains(keyword) || keyword.startsWith(EXTENSION);
  }

  /** Whether OpenAPI's {@code nullable} allows null too. */
  boolean isNullable() {
    JsonNode nullable = json.path("nullable");
    if (!nullable.isMissingNode() && !nullable.isBoolean()) {
      throw error("has 'nullable': " + brief(nullable) + "; expected true or false");
    }
    return nullable.booleanValue();
  }

  void requireOnly(Collection<String> supported, String where) {
    Set<String> others = keywords();
    others.removeAll(supported);
    if (!others.isEmpty()) {
      throw error("has the keyword '" + others.iterator().next() + "', not supported " + where);
    }
  }

  SchemaNode child(String keyword) {
    return child(json.path(keyword), keyword);
  }

  List<SchemaNode> list(String keyword) {
    JsonNode list = json.path(keyword);
    if (!list.isArray() || list.isEmpty()) {
      throw error("has '" + keyword + "': " + brief(list) + "; expected a list of schemas");
    }
    List<SchemaNode> nodes = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      nodes.add(child(list.get(i), keyword + "/" + i));
    }
    return nodes;
  }

  SchemaNode property(String name) {
    return child(
        json.path("properties").path(name),
        "properties/" + name.replace("~", "~0").replace("/", "~1"));
  }

  private SchemaNode child(JsonNode node, String name) {
    if (!node.isObject() && !node.isBoolean()) {
      throw error("has '" + name + "': " + brief(node) + "; expected a schema");
    }
    return new SchemaNode(node, path + "/" + name);
  }

  String text(String keyword) {
    JsonNode value = json.path(keyword);
    if (!value.isTextual()) {
      throw error("has '" + keyword + "': " + brief(value) + "; expected a string");
    }
    return value.textValue();
  }

  /** A string or a list of strings. */
  List<String> texts(String keyword) {
    JsonNode value = json.path(keyword);
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    List<String> texts = new ArrayList<>();
    value.forEach(item -> texts.add(item.isTextual() ? item.textValue() : ""));
    if (!value.isArray() || texts.contains("")) {
      throw error("has '" + keyword + "': " + brief(value) + "; expected names");
    }
    return texts;
  }

  int count(String keyword, int otherwise) {
    JsonNode value = json.path(keyword);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 0
        || value.intValue() > RegexParser.MAX_REPETITIONS) {
      throw error(
          "has '"
              + keyword
              + "': "
              + brief(value)
              + "; expected 0 to "
              + RegexParser.MAX_REPETITIONS);
    }
    return value.intValue();
  }

  Optional<BigInteger> whole(String keyword) {
    JsonNode value = json.path(keyword);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    String expected =
        "has '"
            + keyword
            + "': "
            + brief(value)
            + "; expected a whole number of at most "
            + JsonNumbers.MAX_DIGITS
            + " digits";
    if (!value.isNumber()) {
      throw error(expected);
    }
    try {
      BigDecimal number = value.decimalValue();
      if (number.precision() - (long) number.scale() > JsonNumbers.MAX_DIGITS) {
        throw new ArithmeticException("has too many digits");
      }
      return Optional.of(number.toBigIntegerExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(message(expected), e);
    }
  }

  /** What the keywords of a kind say here. */
  String said(SchemaKind kind) {
    ObjectNode said = JsonNodeFactory.instance.objectNode();
    kind.keywords().stream()
        .filter(this::has)
        .forEach(keyword -> said.set(keyword, json.path(keyword)));
    return said.toString();
  }

  IllegalArgumentException error(String problem) {
    return new IllegalArgumentException(message(problem));
  }

  /** What a message calls a part of this schema. */
  String named(String part) {
    return "The JSON schema at #" + path + " has " + part;
  }

  private String message(String problem) {
    return "The JSON schema " + problem + " at #" + path;
  }

  static String brief(JsonNode value) {
    return brief(value.isMissingNode() ? "nothing" : value.toString());
  }

  static String brief(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
