package dev.loquat.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileConstraintTest {
  /** A part of what is allowed, so that the test takes as small a part of a second. */
  private static final int LITTLE = 1 << 20;

  private static String tooMuch(int limit) {
    return "The constraint takes more than "
        + limit
        + " steps to compile; use smaller counts, or fewer parts, alternatives and repetitions"
        + " that overlap";
  }

  static List<String> schemasOfMuchWork() {
    return List.of(
        "{'type':'object','properties':{" + properties(2_000) + "}}",
        "{'oneOf':[" + join(2_000, "{'const':%d}") + "]}",
        "{'oneOf':[{'$ref':'#/$defs/a'},{'$ref':'#/$defs/a'}],'$defs':{'a':" + branching(6) + "}}",
        "{'anyOf':[" + join(1_500, "{'type':'integer','minimum':%d}") + "]}",
        "{'additionalProperties':{},'properties':{" + letters(10_000) + "}}");
  }

  private static String properties(int count) {
    return join(count, "'p%d':{'type':'boolean'}");
  }

  private static String letters(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'" + Character.toString(0x4E00 + i) + "':{}")
        .collect(Collectors.joining(","));
  }

  /** An object with required properties of its own kind: pairs multiply with every level. */
  private static String branching(int count) {
    String names = join(count, "'p%d'");
    String properties = join(count, "'p%d':{'$ref':'#/$defs/a'}");
    return "{'type':'object','required':[" + names + "],'properties':{" + properties + "}}";
  }

  private static String join(int count, String format) {
    return IntStream.range(0, count)
        .mapToObj(i -> format.replace("%d", String.valueOf(i)))
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @MethodSource("schemasOfMuchWork")
  void refusesSchemasOfMuchWork(String schema) {
    assertThatThrownBy(() -> Constraint.jsonSchema(schema.replace('\'', '"'), new Work(LITTLE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(tooMuch(LITTLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'allOf':[{'$ref':'#'},{'type':'object'}]}",
        "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/a','minLength':1}}}",
        "{'$defs':{'a':{'allOf':[{'$ref':'#/$defs/a'},{'minLength':1}]}},"
            + "'allOf':[{'$ref':'#/$defs/a'},{'type':'string'}]}"
      })
  void refusesPartsThatReferToThemselves(String schema) {
    assertThatThrownBy(() -> Constraint.jsonSchema(schema.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("refer to each other in a circle");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?:[а-я]+|[^\\s]{1,200}|.{1,500}){1,3}", "(.{0,9}.{0,9}.{0,9}){40}"})
  void refusesPatternsOfMuchWork(String pattern) {
    assertThatThrownBy(() -> Constraint.regex(pattern, new Work(LITTLE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(tooMuch(LITTLE));
  }

  @Test
  void boundsTheWorkWhereNobodySaysHow() {
    assertThatThrownBy(() -> Constraint.regex("(.{0,9}.{0,9}.{0,9}){40}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(tooMuch(Work.LIMIT));
  }

  @Test
  void refusesPatternsOfTooManyStates() {
    assertThatThrownBy(() -> Constraint.regex("(a|b)*a(a|b){30}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The constraint needs more than 65536 states, most of them for the regular expression;"
                + " use smaller counts there, or fewer overlapping alternatives and repetitions");
    assertThatThrownBy(() -> Constraint.regex(".".repeat(60_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The constraint needs more than 262144 states before ");
  }

  @Test
  void namesTheSchemaThatNeedsTheMostStates() {
    String large = "'large':{'type':'string','pattern':'" + ".".repeat(6_000) + "'}";
    String schema = "{'properties':{'small':{'type':'string','pattern':'a{9}'}," + large + "}}";
    assertThatThrownBy(() -> Constraint.jsonSchema(schema.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("states before it is made deterministic, most of them for strings")
        .hasMessageContaining("with {\"pattern\":\"....");
  }

  @Test
  void refusesMoreKindsOfValuesThanRules() {
    String schema = "{'anyOf':[" + join(2_001, "{'type':'integer','minimum':%d}") + "]}";
    assertThatThrownBy(() -> Constraint.jsonSchema(schema.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The constraint has more than 2000 rules: schemas that are referred to, and different"
                + " kinds of strings and numbers; use fewer");
  }

  static List<String> ordinarySchemas() {
    String strings = join(30, "'property%d':{'type':'string'}");
    String open = "{'type':'object','additionalProperties':true,'properties':{";
    String mixed =
        join(6, "'text%d':{'type':'string'},'when%d':{'type':'string','format':'date-time'}")
            + ","
            + join(6, "'count%d':{'type':'integer','format':'int32'},'ratio%d':{'type':'number'}")
            + ","
            + join(6, "'tags%d':{'type':'array','items':{'type':'string','maxLength':255}}");
    return List.of(
        open + join(100, "'property%d':{'type':'string'}") + "}}",
        models(5, open + join(9, "'name%d':{'type':'string'}") + "}}"),
        models(60, "{'type':'object','properties':{" + strings + "}}"),
        models(45, "{'type':'object','required':['text1'],'properties':{" + mixed + "}}"),
        "{'properties':{" + join(20, "'f%d':{'type':'string','maxLength':255}") + "}}",
        "{'properties':{" + join(20, "'f%d':{'type':'string','maxLength':9%d}") + "}}",
        "{'type':'string','maxLength':10000}",
        "{'type':'string','minLength':9000,'maxLength':10000}");
  }

  private static String models(int count, String model) {
    return "{'properties':{"
        + join(count, "'m%d':{'$ref':'#/$defs/d%d'}")
        + "},'$defs':{"
        + IntStream.range(0, count)
            .mapToObj(i -> "'d" + i + "':" + model.replaceFirst("\\{", "{'title':'" + i + "',"))
            .collect(Collectors.joining(","))
        + "}}";
  }

  @ParameterizedTest
  @MethodSource("ordinarySchemas")
  void acceptsOrdinarySchemasOfManyParts(String schema) {
    assertThatCode(() -> Constraint.jsonSchema(schema.replace('\'', '"')))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesMoreChoicesThanStates() {
    assertThatThrownBy(() -> Constraint.choice(Collections.nCopies(1_000_000, "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "There are 1000000 choices of 1000000 characters; expected at most 262144 choices and"
                + " characters together");
  }

  @Test
  void acceptsManyAlternativesAndLongTexts() {
    ByteVocabulary vocabulary = ByteVocabulary.create();
    assertThat(vocabulary.over(Constraint.regex("a|".repeat(30_000))).start().isComplete())
        .isTrue();
    Constraint.jsonSchema("{\"type\":\"string\",\"maxLength\":1000}");
    Constraint.jsonSchema(
        ("{'type':'object','properties':{" + properties(300) + "}}").replace('\'', '"'));
    Constraint.jsonSchema(
        ("{'type':'object','properties':{" + join(100, "'p%d':{'type':'integer'}") + "}}")
            .replace('\'', '"'));
  }

  @Test
  void refusesHalfACharacter() {
    assertThatThrownBy(() -> Constraint.choice(List.of("ok", "a\ud800b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "choices[1] \"a\\uD800b\" has the surrogate U+D800 without its pair; write the whole"
                + " character");
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"enum\":[1,[\"\\udc00\"]]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The JSON schema at # has the value \"[\"\\uDC00\"]\"");
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"const\":\"\\ud800\"}"))
        .hasMessageContaining("U+D800 without its pair");
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"properties\":{\"\\ud800\":{}}}"))
        .hasMessageContaining("The JSON schema at # has the property \"\\uD800\"");
    Constraint.choice(List.of("😀"));
  }

  @Test
  @SuppressWarnings("NullAway") // What a caller without NullAway may do.
  void namesWhatIsNull() {
    assertThatThrownBy(() -> Constraint.choice(null)).hasMessage("choices");
    assertThatThrownBy(() -> Constraint.choice(Arrays.asList("a", null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("choices[1]");
    assertThatThrownBy(() -> Constraint.record(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("type");
  }

  @Test
  void refusesASchemaWithoutTypes() {
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"type\":[]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The JSON schema has 'type': []; expected at least one of [object, array, string,"
                + " integer, number, boolean, null] at #");
  }
}
