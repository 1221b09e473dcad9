package dev.loquat.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
    Expr value = valueUnlessNull(schema);
    return schema.isNullable() ? Expr.choice(value, JsonText.NULL) : value;
  }

  private Expr valueUnlessNull(SchemaNode schema) {
    for (String combination : List.of("$ref", "allOf", "anyOf", "oneOf")) {
      if (schema.has(combination)) {
        return combined(schema, combination, SchemaMerge.beside(schema, combination));
      }
    }
    if (schema.has("enum") || schema.has("const")) {
      return SchemaValues.of(schema);
    }
    return ofKinds(schema, SchemaKind.of(schema));
  }

  Work work() {
    return rules.work();
  }

  private Expr combined(SchemaNode schema, String combination, SchemaNode rest) {
    boolean isAlone = rest.json().isEmpty();
    if (combination.equals("$ref") && isAlone) {
      return rule(document.target(schema));
    }
    SchemaMerge merge = new SchemaMerge(document, schema);
    if (combination.equals("$ref")) {
      SchemaNode target = new SchemaNode(schema.json().deepCopy(), schema.path());
      ((ObjectNode) target.json()).retain("$ref");
      return merged(merge.merge(List.of(target, rest)));
    }
    List<SchemaNode> parts = schema.list(combination);
    if (combination.equals("allOf")) {
      return isAlone && parts.size() == 1
          ? value(parts.get(0))
          : merged(merge.merge(Stream.concat(Stream.of(rest), parts.stream()).toList()));
    }
    if (combination.equals("oneOf")) {
      new Exclusion(document, work()).requireExclusive(schema, parts);
    }
    return new Expr.Choice(
        parts.stream()
            .map(part -> isAlone ? value(part) : merged(merge.merge(rest, part)))
            .toList());
  }

  /** A rule for all that are merged to the same, since a merged schema may come to itself again. */
  private Expr merged(SchemaNode schema) {
    return rules.rule(
        "merged " + schema.json(), "the JSON schema at #" + schema.path(), () -> value(schema));
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
      case STRING -> new StringSchema(this, schema).content();
      case INTEGER -> shared(schema, kind, () -> NumberSchema.integer(schema, work()));
      case NUMBER -> shared(schema, kind, () -> NumberSchema.number(schema, work()));
      case BOOLEAN -> JsonText.BOOLEAN;
      case NULL -> JsonText.NULL;
    };
  }

  /** A rule for all schemas of a kind that say the same. */
  Expr shared(SchemaNode schema, SchemaKind kind, Supplier<Expr> content) {
    String said = schema.said(kind);
    return rules.rule(
        kind.typeName() + said, kind.typeName() + "s with " + SchemaNode.brief(said), content);
  }

  /** A string of so many characters. */
  Expr string(int least, int most) {
    String range = most == Expr.Repeat.UNBOUNDED ? least + " or more" : least + " to " + most;
    return rules.rule(
        "strings of " + range + " characters", () -> new Expr.StringOf(least, most, false));
  }

  Expr anyString() {
    return string(0, Expr.Repeat.UNBOUNDED);
  }

  /** What may follow the characters of a string, and its closing quote. */
  Expr restOfString() {
    return rules.rule(
        "the rest of a string", () -> new Expr.StringOf(0, Expr.Repeat.UNBOUNDED, true));
  }

  /** A string's rest that begins with a character which is not one byte. */
  Expr longCharacterAndRest() {
    return rules.rule(
        "the rest of a string from a long character",
        () -> Expr.sequence(JsonText.spell(JsonText.LONG), restOfString()));
  }

  private Expr array(SchemaNode schema) {
    int least = schema.count("minItems", 0);
    int most = schema.count("maxItems", Expr.Repeat.UNBOUNDED);
    if (most < least) {
      throw schema.error("has 'maxItems' " + most + " below 'minItems' " + least);
    }
    if (schema.has("prefixItems")) {
      return JsonText.array(tuple(schema, least, most));
    }
    Expr item = schema.has("items") ? value(schema.child("items")) : any();
    return JsonText.array(items(item, least, most));
  }

  /**
   * Others follow the items with a place only if {@code items} or {@code minItems} ask for them.
   */
  private Expr tuple(SchemaNode schema, int least, int most) {
    List<SchemaNode> first = schema.list("prefixItems");
    Expr other = schema.has("items") ? value(schema.child("items")) : any();
    boolean hasOthers = schema.has("items") || least > first.size();
    Expr rest = hasOthers ? others(other, least - first.size(), most, first.size()) : Expr.EMPTY;
    for (int i = Math.min(first.size(), most) - 1; i >= 0; i--) {
      Expr item = value(first.get(i));
      Expr begun = Expr.sequence(i == 0 ? Expr.EMPTY : JsonText.COMMA, item, rest);
      rest = i < least ? begun : Expr.optional(begun);
    }
    return rest;
  }

  private static Expr others(Expr item, int least, int most, int before) {
    int times = most == Expr.Repeat.UNBOUNDED ? most : Math.max(0, most - before);
    return Expr.repeat(Expr.sequence(JsonText.COMMA, item), Math.max(0, least), times);
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
    Expr member = JsonText.member(anyString(), any());
    return Expr.choice(
        JsonText.object(items(member, 0, Expr.Repeat.UNBOUNDED)),
        JsonText.array(items(any(), 0, Expr.Repeat.UNBOUNDED)),
        anyString(),
        JsonNumbers.ANY,
        JsonText.BOOLEAN,
        JsonText.NULL);
  }

  static Expr literal(JsonNode value) {
    return Expr.text(value.toString());
  }
}
