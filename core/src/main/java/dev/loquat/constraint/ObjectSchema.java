package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Objects: the properties in the schema's order, those not required maybe left out, then others if
 * the schema asks for them. Without {@code additionalProperties} there are none beside named
 * properties. A required property that is not defined follows those that are.
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
    required.stream().filter(name -> !names.contains(name)).forEach(names::add);
  }

  Expr content() {
    check();
    Optional<Expr> other = otherValue();
    List<Expr.Member> members = names.stream().map(name -> member(name, other)).toList();
    Optional<Expr> others =
        other
            .filter(value -> !isClosed())
            .map(value -> JsonText.member(OtherKeys.than(names, compiler), value));
    return JsonText.object(
        new Expr.Members(members, JsonText.COMMA, others, Expr.Repeat.UNBOUNDED));
  }

  private void check() {
    if (schema.has("properties") && !schema.json().path("properties").isObject()) {
      throw schema.error("has 'properties' that are no object");
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

  private Expr.Member member(String name, Optional<Expr> other) {
    Expr value =
        schema.json().path("properties").has(name)
            ? compiler.value(schema.property(name))
            : other.orElse(Expr.NOTHING);
    return new Expr.Member(JsonText.member(JsonText.literal(name), value), required.contains(name));
  }

  /** Whether there are no properties but those that the schema names. */
  private boolean isClosed() {
    return schema.has("properties") && !schema.has("additionalProperties");
  }

  private Optional<Expr> otherValue() {
    Expr value =
        schema.has("additionalProperties")
            ? compiler.value(schema.child("additionalProperties"))
            : compiler.any();
    return value == Expr.NOTHING ? Optional.empty() : Optional.of(value);
  }
}
