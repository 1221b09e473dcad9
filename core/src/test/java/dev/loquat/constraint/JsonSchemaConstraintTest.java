package dev.loquat.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaConstraintTest {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Two rules that call a third at the same byte. */
  private static final String CALLED_TWICE =
      "{'anyOf':[{'$ref':'#/$defs/a'},{'$ref':'#/$defs/b'}],'$defs':{"
          + "'a':{'properties':{'x':{'$ref':'#/$defs/x'},'a':{'const':1}},'required':['x','a']},"
          + "'b':{'properties':{'x':{'$ref':'#/$defs/x'},'b':{'const':2}},'required':['x','b']},"
          + "'x':{'type':'array','items':{'$ref':'#/$defs/x'}}}}";

  /** As pydantic writes the schema of a model with a tagged union and an optional field. */
  private static final String PYDANTIC =
      "{'$defs':{'Cat':{'properties':{'kind':{'const':'cat','title':'Kind','type':'string'},"
          + "'lives':{'default':9,'maximum':9,'minimum':0,'title':'Lives','type':'integer'}},"
          + "'required':['kind'],'title':'Cat','type':'object'},"
          + "'Dog':{'properties':{'kind':{'const':'dog','title':'Kind','type':'string'},"
          + "'born':{'format':'date-time','title':'Born','type':'string'}},"
          + "'required':['kind','born'],'title':'Dog','type':'object'}},"
          + "'properties':{'pet':{'discriminator':{'mapping':{'cat':'#/$defs/Cat',"
          + "'dog':'#/$defs/Dog'},'propertyName':'kind'},'oneOf':[{'$ref':'#/$defs/Cat'},"
          + "{'$ref':'#/$defs/Dog'}],'title':'Pet'},"
          + "'nick':{'anyOf':[{'maxLength':20,'type':'string'},{'type':'null'}],'default':null,"
          + "'title':'Nick'},'point':{'maxItems':2,'minItems':2,'prefixItems':[{'type':'number'},"
          + "{'type':'number'}],'title':'Point','type':'array'},"
          + "'extra':{'additionalProperties':true,'title':'Extra','type':'object'}},"
          + "'required':['pet','point'],'title':'Owner','type':'object'}";

  private final ByteVocabulary vocabulary = ByteVocabulary.create();
  private final Random random = new Random(2);

  static List<String> schemas() {
    return List.of(
        "true",
        "{}",
        "{'type':'object','properties':{'name':{'type':'string'},'age':{'type':'integer','minimum':0,"
            + "'maximum':130}},'required':['name','age'],'additionalProperties':false}",
        "{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'boolean'},'ab\\\"c':{'type':"
            + "'number'},'d':{'const':[1,{'x':null}]}},'required':['b']}",
        "{'properties':{'foo':{'type':'integer'},'bar':{'type':'integer'}},"
            + "'additionalProperties':{'type':'string','maxLength':2}}",
        "{'type':'object','additionalProperties':{'type':'array','items':{'type':'boolean'}}}",
        "{'type':'array','items':{'enum':['a','b',3,null,{'k':[]}]},'minItems':2,'maxItems':5}",
        "{'type':'array','maxItems':0}",
        "{'type':'array','items':{'type':['string','null'],'minLength':1,'maxLength':3},'maxItems':3}",
        "{'type':'string','pattern':'^[A-Z]+-\\\\d{2,3}$'}",
        "{'type':'string','pattern':'^[^a-z]{3}$'}",
        "{'type':'string','format':'date'}",
        "{'type':'string','format':'date-time'}",
        "{'type':'string','format':'uuid'}",
        "{'type':'string','format':'hostname'}",
        "{'type':'string','format':'ipv4'}",
        "{'type':'string','format':'ipv6'}",
        "{'type':'string','format':'uri'}",
        "{'type':'string','minLength':3,'maxLength':7}",
        "{'type':['integer','string'],'format':'int32','minimum':-3,'minLength':2}",
        "{'type':'array','prefixItems':[{'type':'integer'},{'type':'boolean'}],'minItems':1}",
        "{'type':'array','prefixItems':[{'type':'null'}],'items':{'type':'integer'},'minItems':2,"
            + "'maxItems':4}",
        "{'type':'array','prefixItems':[{'type':'null'}],'items':false}",
        "{'type':'object','required':['x'],'additionalProperties':{'type':'integer'}}",
        "{'type':'integer','const':1.0}",
        "{'allOf':[{'properties':{'a':{'type':'number'}},'required':['a']},{'properties':{'a':"
            + "{'type':'integer','maximum':5},'b':{'type':'boolean'}},'required':['b']},"
            + "{'type':'object'}]}",
        "{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'null'}},"
            + "'anyOf':[{'required':['a']},{'required':['b']}]}",
        "{'type':'string','anyOf':[{'enum':['x','y']},{'type':'integer'},{'maxLength':2}]}",
        "{'$ref':'#/$defs/a%20b','maxLength':4,'$defs':{'a b':{'type':'string','minLength':2}}}",
        "{'type':'object','$ref':'#/$defs/a','$defs':{'a':{'properties':{'n':{'type':'object',"
            + "'$ref':'#/$defs/a'}}}}}",
        PYDANTIC,
        "{'type':'integer','minimum':-17,'maximum':1234}",
        "{'type':'integer','exclusiveMinimum':99}",
        "{'type':'number','exclusiveMinimum':-2,'maximum':10}",
        "{'type':'number','minimum':-20,'exclusiveMaximum':-3}",
        "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':1}",
        "{'anyOf':[{'type':'integer'},{'type':'object','properties':{'x':{'$ref':'#'}}}]}",
        "{'oneOf':[{'type':'object','properties':{'kind':{'const':'a'},'v':{'type':'integer'}},"
            + "'required':['kind','v']},{'type':'object','properties':{'kind':{'const':'b'}},"
            + "'required':['kind']}]}",
        "{'$ref':'#/$defs/node','$defs':{'node':{'type':'object','properties':{'value':{'type':"
            + "'integer','maximum':9,'minimum':0},'children':{'type':'array','items':{'$ref':"
            + "'#/$defs/node'}},'next':{'anyOf':[{'type':'null'},{'$ref':'#/$defs/node'}]}},"
            + "'required':['value','next'],'additionalProperties':false}}}",
        "{'allOf':[{'type':'array','items':{'anyOf':[{'type':'array','items':{'$ref':'#/allOf/0'}},"
            + "{'type':'array','items':{'type':'integer'}}]}}]}");
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void generatesOnlyWhatAnotherValidatorAccepts(String quoted) throws JsonProcessingException {
    String text = quoted.replace('\'', '"');
    Schema schema = REGISTRY.getSchema(text);
    TokenConstraint constraint = vocabulary.over(Constraint.jsonSchema(text));
    for (int round = 0; round < 150; round++) {
      String json = new RandomText(vocabulary, random).generate(constraint.start());
      JSON.readTree(json);
      assertThat(
              schema.validate(
                  json,
                  InputFormat.JSON,
                  context -> context.executionConfig(c -> c.formatAssertionsEnabled(true))))
          .as(json)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'type':'object','properties':{'a':{'type':'string'},'b':{}}};{'a':'x\\n\\u00e9\\\"','b':{'q':[1, -2.5e7]}}",
        "{'type':'object','properties':{'a':{'type':'string'},'b':{}}};{'b': null}",
        "{'type':'object','properties':{'a':{'type':'string'},'b':{}}};{}",
        "{'type':'number','exclusiveMinimum':-2,'maximum':10};-1.999",
        "{'type':'number','exclusiveMinimum':-2,'maximum':10};10.00",
        "{'type':'integer','minimum':-17,'maximum':1234};1234",
        "{'type':'string','minLength':1,'maxLength':1};'\\ud83d\\ude00'",
        "{'type':'string','format':'date'};'2024-02-29'",
        "{'type':'string','format':'date-time'};'1999-12-31T23:59:59.5+01:00'",
        "{'type':'string','pattern':'b'};'abc'",
        "{'type':'string','pattern':'foo|^\\\"x'};'\\\"xyz'",
        "{'type':'string','pattern':'foo|^\\\"x'};'a foo'",
        "{'additionalProperties':{'type':'integer'},'properties':{'foo':{'type':'string'}}};{'fo':1,'fooo':2, '':3}",
        CALLED_TWICE + ";{'x':[[]],'a':1}",
        CALLED_TWICE + ";{'x':[[]],'b':2}",
        "{'type':'object','properties':{'a':{'nullable':true,'type':'string','x-order':1},'b':{'nullable':false,'type':'integer','format':'int64','example':3}}};{'a':null,'b':9223372036854775807}",
        "{'type':'object','additionalProperties':true,'properties':{'foo':{'type':'integer'}}};{'fo':1,'\\n':2,'éx':3,'foox':4,'x\\u006f':'y'}",
        "{'type':'string','format':'password','contentEncoding':'base64'};'xyz'",
        "{'type':'string','format':'byte'};'YWI='",
        "{'type':'string','format':'email'};'anna.lind+news@mail.example.org'",
        "{'type':'string','format':'uri'};'urn:isbn:0451450523'",
        "{'type':'string','format':'uri'};'https://example.org:8080/a%20b?q=1#top'",
        "{'type':'string','format':'ipv6'};'2001:db8::ff00:42'",
        "{'type':'number','format':'double'};1.5e3",
        "{'type':'string','maxLength':10000};'abc'",
        "true;[[], {}, '', 0, true, [null]]"
      })
  void acceptsWhatIsValidHoweverItIsCutIntoTokens(String schema, String json) {
    String text = json.replace('\'', '"');
    TokenConstraint constraint = vocabulary.over(Constraint.jsonSchema(schema.replace('\'', '"')));
    for (int round = 0; round < 20; round++) {
      ConstraintState state = constraint.start();
      for (int token : vocabulary.split(text, random)) {
        assertThat(state.allowed().get(token)).as("%s in %s", token, text).isTrue();
        state.accept(token);
      }
      assertThat(state.isComplete()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'type':'object','properties':{'a':{}},'additionalProperties':{}};{'\\u0061':1}",
        "{'type':'object','properties':{'a':{}}};{'b':1}",
        "{'type':'object','properties':{'a':{},'b':{}},'required':['a']};{'b':1}",
        "{'type':'object','properties':{'a':{},'b':{}}};{'a':1,}",
        "{'type':'array','minItems':1};[]",
        "{'type':'string'};'\\ud800'",
        "{'type':'string','format':'date'};'2023-02-29'",
        "{'type':'integer','minimum':10,'maximum':20};21",
        "{'type':'integer','minimum':10,'maximum':20};1",
        "{'type':'number','exclusiveMinimum':0};0.000",
        "{'additionalProperties':{'type':'integer'},'properties':{'foo':{'type':'string'}}};{'foo':1}",
        "true;01",
        "{'type':'string','pattern':'foo|^x'};'a xfo'",
        "{'type':'integer','format':'int32'};2147483648",
        "{'type':'string','format':'email'};'anna@lind@example.org'",
        "{'type':'string','format':'email'};'anna@example'",
        "{'type':'string','minLength':2,'maxLength':3};'a'",
        "{'type':'string','minLength':2,'maxLength':3};'abcd'",
        "{'type':'string','maxLength':1};'\\ud83d\\ude00é'",
        "{'type':'string','nullable':false};null",
        "{'allOf':[{'type':'integer'},{'maximum':3}]};4",
        "{'type':'array','prefixItems':[{'type':'integer'},{'type':'boolean'}]};[true]",
        "true;[1,]"
      })
  void refusesWhatIsInvalid(String schema, String json) {
    ConstraintState state =
        vocabulary.over(Constraint.jsonSchema(schema.replace('\'', '"'))).start();
    assertThat(isAccepted(state, json.replace('\'', '"'))).isFalse();
  }

  private boolean isAccepted(ConstraintState state, String json) {
    for (int token : vocabulary.split(json, random)) {
      if (!state.allowed().get(token)) {
        return false;
      }
      state.accept(token);
    }
    return state.isComplete();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'type':'integer','multipleOf':3};has the keyword 'multipleOf', not supported for the type integer at #",
        "{'type':'object','properties':{'a':{'type':'string','uniqueItems':true}}};has the keyword 'uniqueItems', not supported for the type string at #/properties/a",
        "{'not':{}};has the keyword 'not', not supported without 'type' at #",
        "{'type':'strin'};has the type 'strin', expected one of [object, array",
        "{'enum':[1],'minimum':0};has the keyword 'minimum', not supported beside 'enum' or 'const' at #",
        "{'type':'string','enum':[1]};has the value 1 of another type at #",
        "{'enum':[]};has 'enum': []; expected a list of values at #",
        "{'$ref':'http://x/y'};has the $ref 'http://x/y', expected '#/$defs/NAME' or '#' at #",
        "{'$ref':'#/$defs/x'};has the $ref '#/$defs/x', which leads to nothing at #",
        "{'$ref':'#'};the JSON schema at # leads back to itself without any text between",
        "{'anyOf':[{'$ref':'#'},{'type':'null'}]};the JSON schema at # leads back to itself",
        "{'type':'object','properties':{'x':{'$ref':'#'}},'required':['x']};No finite text satisfies the JSON schema at #",
        "{'type':'object','required':['x'],'additionalProperties':false};No finite text satisfies the JSON schema at #",
        "{'allOf':[{'type':'integer'},{'type':'string'}]};No finite text satisfies the JSON schema at #",
        "{'type':'string','nullable':3};has 'nullable': 3; expected true or false at #",
        "{'type':'number','format':'money'};has the format 'money', expected one of double, float, int32, int64",
        "{'$ref':'#/%zz'};has the $ref '#/%zz', which is not percent-encoded at #",
        "{'allOf':[{'properties':{'a':{}},'additionalProperties':false},{'properties':{'b':{}}}]};has a part with 'additionalProperties' that does not name the property 'b' of another",
        "{'type':'array','uniqueItems':true};has the keyword 'uniqueItems', not supported for the type array at #",
        "{'type':'object','minProperties':1};has the keyword 'minProperties', not supported for the type object at #",
        "{'patternProperties':{}};has the keyword 'patternProperties', not supported without 'type' at #",
        "{'oneOf':[{'type':'integer'},{'type':'number'}]};whose schemas 0 and 1 may both hold",
        "{'allOf':[{'pattern':'a'},{'pattern':'b'}]};has parts that say different things with 'pattern', which can't be merged; write one schema, at #",
        "{'type':'string','pattern':'(?=a)'};has a pattern that cannot be used at #: The regular expression '(?=a)' has lookaround",
        "{'type':'string','format':'duration'};has the format 'duration', expected one of byte, date, date-time, email, hostname, ipv4, ipv6, time, uri, uuid",
        "{'type':'number','minimum':0.5};has 'minimum': 0.5; expected a whole number",
        "{'type':'integer','minimum':1e99999999};expected a whole number of at most 19 digits",
        "{'minimum':1e2147483648};The JSON schema has a number that is too large: ",
        "{'type':'integer','minimum':2,'maximum':1};has a 'maximum' below its 'minimum' at #",
        "{'type':'string','minLength':1000000};has 'minLength': 1000000; expected 0 to 10000 at #",
        "{'type':'object','properties':{'a':3}};has 'properties/a': 3; expected a schema at #",
        "{'a':1,'a':2};The JSON schema is not JSON: Duplicate",
        "{'type':;The JSON schema is not JSON",
        "3;The JSON schema has 3 at #; expected a schema, an object or a boolean",
        "false;No finite text satisfies the JSON schema at #"
      })
  void refusesWhatItDoesNotUnderstandAndSaysWhere(String schema, String message) {
    assertThatThrownBy(() -> Constraint.jsonSchema(schema.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  static List<String> hostileSchemas() {
    String doubling =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "'d%d':{'type':'array','minItems':2,'items':{'$ref':'#/$defs/d%d'}}"
                        .formatted(i, i + 1))
            .collect(Collectors.joining(","));
    return List.of(
        "[".repeat(100_000),
        "{'type':'array','items':".repeat(90) + "{}" + "}".repeat(90),
        "{'type':'array','minItems':10000,'items':".repeat(4) + "{}" + "}".repeat(4),
        "{'type':'array','minItems':3,'items':".repeat(40) + "{}" + "}".repeat(40),
        "{'$ref':'#/$defs/d0','$defs':{" + doubling + ",'d60':{'type':'null'}}}",
        "{'anyOf':[" + "{'type':'string','maxLength':999},".repeat(500) + "{}]}");
  }

  @ParameterizedTest
  @MethodSource("hostileSchemas")
  void compilesOrRefusesHostileSchemasSoon(String schema) {
    long start = System.nanoTime();
    try {
      vocabulary.over(Constraint.jsonSchema(schema.replace('\'', '"'))).start().allowed();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageNotContainingAny("Exception");
    }
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void followsDeepNesting(String opening) {
    ConstraintState state = vocabulary.over(Constraint.json()).start();
    for (int token : vocabulary.split(opening.repeat(3_000), random)) {
      state.accept(token);
    }
    assertThat(state.allowed().get(ByteVocabulary.END)).isFalse();
    assertThat(state.allowed().cardinality()).isPositive();
  }

  @Test
  void isEqualToOneMadeFromTheSameText() {
    assertThat(Constraint.jsonSchema("{}")).isEqualTo(Constraint.jsonSchema("{}"));
    assertThat(Constraint.jsonSchema("{}")).isNotEqualTo(Constraint.jsonSchema("true"));
    assertThat(Constraint.regex("a")).isNotEqualTo(Constraint.choice(List.of("a")));
  }
}
