package dev.loquat.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Schemas that list their values: {@code enum} and {@code const}. */
final class SchemaValues {
  private SchemaValues() {}

  static Expr of(SchemaNode schema) {
    schema.requireOnly(Set.of("enum", "const", "type"), "beside 'enum' or 'const'");
    List<JsonNode> values = list(schema);
    values.forEach(value -> WholeCharacters.require(value.toString(), schema.named("the value")));
    return new Expr.Choice(
        values.stream().map(value -> SchemaCompiler.literal(whole(schema, value))).toList());
  }

  /** Whole numbers of an integer type have no point. */
  private static JsonNode whole(SchemaNode schema, JsonNode value) {
    boolean isWhole = schema.has("type") && !SchemaKind.of(schema).contains(SchemaKind.NUMBER);
    return isWhole && value.isNumber()
        ? JsonNodeFactory.instance.numberNode(value.decimalValue().toBigIntegerExact())
        : value;
  }

  static List<JsonNode> list(SchemaNode schema) {
    List<JsonNode> values = new ArrayList<>();
    JsonNode listed = schema.json().path("enum");
    if (schema.has("enum") && (!listed.isArray() || listed.isEmpty())) {
      throw schema.error("has 'enum': " + SchemaNode.brief(listed) + "; expected a list of values");
    }
    listed.forEach(values::add);
    if (schema.has("const")) {
      JsonNode only = schema.json().path("const");
      requireListed(schema, values, only);
      values = List.of(only);
    }
    values.forEach(value -> requireType(schema, value));
    return values;
  }

  private static void requireListed(SchemaNode schema, List<JsonNode> values, JsonNode only) {
    if (schema.has("enum") && !values.contains(only)) {
      throw schema.error("has the 'const' " + SchemaNode.brief(only) + ", which 'enum' excludes");
    }
  }

  private static void requireType(SchemaNode schema, JsonNode value) {
    if (schema.has("type")
        && SchemaKind.of(schema).stream().noneMatch(kind -> Exclusion.isOf(value, kind))) {
      throw schema.error("has the value " + SchemaNode.brief(value) + " of another type");
    }
  }
}
