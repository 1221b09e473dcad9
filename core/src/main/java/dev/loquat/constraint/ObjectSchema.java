package dev.loquat.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Objects: the properties in the schema's order, those not required maybe left out, then others if
 * the schema asks for them. Without {@code additionalProperties} there are none beside named
 * properties.
 */
final class ObjectSchema {
  /** Keeps the recursion over names within a thread's stack. */
  private static final int MAX_NAME_CHARS = 500;

  private final SchemaCompiler compiler;
  private final SchemaNode schema;
  private final List<String> names = new ArrayList<>();
  private final Set<String> required;

  ObjectSchema(SchemaCompiler compiler, SchemaNode schema) {
    this.compiler = compiler;
    this.schema = schema;
    schema.json().path("properties").fieldNames().forEachRemaining(names::add);
    required = schema.has("required") ? new LinkedHashSet<>(schema.texts("required")) : Set.of();
  }

  Expr content() {
    check();
    List<Expr.Member> members = names.stream().map(this::member).toList();
    return JsonText.object(
        new Expr.Members(members, JsonText.COMMA, others(), Expr.Repeat.UNBOUNDED));
  }

  private void check() {
    if (schema.has("properties") && !schema.json().path("properties").isObject()) {
      throw schema.error("has 'properties' that are no object");
    }
    JsonNode properties = schema.json().path("properties");
    for (String name : required) {
      if (!properties.has(name)) {
        throw schema.error(
            "requires the property '" + name + "', which 'properties' does not define,");
      }
    }
    for (String name : names) {
      WholeCharacters.require(name, schema.named("the property"));
      if (name.length() > MAX_NAME_CHARS) {
        throw schema.error(
            "has a property name of "
                + name.length()
                + " characters; expected at most "
                + MAX_NAME_CHARS);
      }
    }
  }

  private Expr.Member member(String name) {
    Expr value = compiler.value(schema.property(name));
    return new Expr.Member(JsonText.member(JsonText.literal(name), value), required.contains(name));
  }

  private Optional<Expr> others() {
    if (!schema.has("additionalProperties")) {
      return schema.has("properties") ? Optional.empty() : other(compiler.any());
    }
    return other(compiler.value(schema.child("additionalProperties")));
  }

  private Optional<Expr> other(Expr value) {
    return value == Expr.NOTHING
        ? Optional.empty()
        : Optional.of(JsonText.member(OtherKeys.than(names, compiler.work()), value));
  }
}
