package dev.loquat.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Turns the schemas of a document into expressions; each schema referred to becomes a rule. */
final class SchemaCompiler {
  private static final String ANY = "any JSON value";
  private final SchemaDocument document;
  private final Rules rules;

  private SchemaCompiler(SchemaDocument document, Work work) {
    this.document = document;
    rules = new Rules(work);
  }

  static Grammar compile(String schema, Work work) {
    SchemaCompiler compiler = new SchemaCompiler(SchemaDocument.parse(schema), work);
    compiler.rule("");
    return compiler.rules.grammar();
  }

  private Expr.Rule rule(String path) {
    return rules.rule("the JSON schema at #" + path, () -> value(document.at(path)));
  }

  Expr value(SchemaNode schema) {
    work().add(1);
    if (schema.json().isBoolean()) {
      return schema.json().booleanValue() ? any() : Expr.NOTHING;
    }
    if (schema.has("$ref")) {
      schema.requireOnly(Set.of("$ref"), "beside '$ref'");
      return rule(document.target(schema));
    }
    if (schema.has("enum") || schema.has("const")) {
      return SchemaValues.of(schema);
    }
    for (String combination : List.of("anyOf", "oneOf", "allOf")) {
      if (schema.has(combination)) {
        schema.requireOnly(Set.of(combination), "beside '" + combination + "'");
        return combined(schema, combination);
      }
    }
    return ofKinds(schema, SchemaKind.of(schema));
  }

  Work work() {
    return rules.work();
  }

  private Expr combined(SchemaNode schema, String combination) {
    List<SchemaNode> parts = schema.list(combination);
    if (combination.equals("allOf") && parts.size() > 1) {
      throw schema.error("has 'allOf' with several schemas, not supported; merge them into one");
    }
    if (combination.equals("oneOf")) {
      new Exclusion(document, work()).requireExclusive(schema, parts);
    }
    return new Expr.Choice(parts.stream().map(this::value).toList());
  }

  private Expr ofKinds(SchemaNode schema, List<SchemaKind> kinds) {
    if (kinds.isEmpty()) {
      schema.requireOnly(Set.of("type"), "without 'type'");
      return any();
    }
    List<String> keywords =
        Stream.concat(Stream.of("type"), kinds.stream().flatMap(k -> k.keywords().stream()))
            .toList();
    List<String> types = kinds.stream().map(SchemaKind::typeName).toList();
    schema.requireOnly(keywords, "for the type " + String.join(", ", types));
    return new Expr.Choice(kinds.stream().map(kind -> ofKind(schema, kind)).toList());
  }

  private Expr ofKind(SchemaNode schema, SchemaKind kind) {
    return switch (kind) {
      case OBJECT -> new ObjectSchema(this, schema).content();
      case ARRAY -> array(schema);
      case STRING -> StringSchema.content(schema, work());
      case INTEGER -> NumberSchema.integer(schema, work());
      case NUMBER -> NumberSchema.number(schema, work());
      case BOOLEAN -> JsonText.BOOLEAN;
      case NULL -> JsonText.NULL;
    };
  }

  private Expr array(SchemaNode schema) {
    int least = schema.count("minItems", 0);
    int most = schema.count("maxItems", Expr.Repeat.UNBOUNDED);
    if (most < least) {
      throw schema.error("has 'maxItems' " + most + " below 'minItems' " + least);
    }
    Expr item = schema.has("items") ? value(schema.child("items")) : any();
    return JsonText.array(items(item, least, most));
  }

  private static Expr items(Expr item, int least, int most) {
    List<Expr.Member> required = new ArrayList<>();
    for (int i = 0; i < least; i++) {
      required.add(new Expr.Member(item, true));
    }
    int others = most == Expr.Repeat.UNBOUNDED ? most : most - least;
    return new Expr.Members(required, JsonText.COMMA, Optional.of(item), others);
  }

  Expr any() {
    return rules.rule(ANY, this::anyValue);
  }

  private Expr anyValue() {
    Expr member = JsonText.member(JsonText.string(), any());
    return Expr.choice(
        JsonText.object(items(member, 0, Expr.Repeat.UNBOUNDED)),
        JsonText.array(items(any(), 0, Expr.Repeat.UNBOUNDED)),
        JsonText.string(),
        JsonNumbers.ANY,
        JsonText.BOOLEAN,
        JsonText.NULL);
  }

  static Expr literal(JsonNode value) {
    return Expr.text(value.toString());
  }
}
