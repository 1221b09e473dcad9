package dev.loquat.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.checkpoint.SmolLm2;
import dev.loquat.tokenizer.TokenBytes;
import dev.loquat.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SmolLm2.class)
class SmolLm2ConstraintTest {
  private static final int END = 2;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static Tokenizer tokenizer;
  private static ConstraintVocabulary vocabulary;

  record Address(String street, int number, Optional<String> city) {}

  record Person(String name, int age, double height, boolean member, List<Address> addresses) {}

  @BeforeAll
  static void open() {
    tokenizer = Tokenizer.open(SmolLm2.folder());
    vocabulary =
        ConstraintVocabulary.of(tokenizer.tokenBytes(), tokenizer.vocabularySize(), Set.of(END));
  }

  @AfterAll
  static void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  private static TokenConstraint over(Constraint constraint) {
    return constraint.over(vocabulary);
  }

  @Test
  void acceptsWhatTheTokenizerMakesOfValidTexts() throws JsonProcessingException {
    Random random = new Random(5);
    TokenConstraint any = over(Constraint.json());
    for (int round = 0; round < 200; round++) {
      String json = JSON.writeValueAsString(value(random, 4));
      requireAccepted(any.start(), round % 2 == 0 ? json : spaced(json));
    }
  }

  private static void requireAccepted(ConstraintState state, String text) {
    for (int token : tokenizer.encode(text, false)) {
      assertThat(state.allowed().get(token)).as("%d in %s", token, text).isTrue();
      state.accept(token);
    }
    assertThat(state.allowed().get(END)).isTrue();
  }

  private static String spaced(String json) {
    return json.replace("\":", "\": ").replace(",\"", ", \"");
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextGaussian();
      case 2 -> random.nextBoolean();
      case 3 -> "x\u0007\\ \"quoted\" é中😀 ".repeat(random.nextInt(3));
      case 4 -> JsonNodeFactory.instance.nullNode();
      case 5 -> list(random, depth - 1);
      default -> object(random, depth - 1);
    };
  }

  private static ArrayNode list(Random random, int depth) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    random.ints(random.nextInt(4)).forEach(i -> list.addPOJO(value(random, depth)));
    return list;
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    random
        .ints(random.nextInt(4), 0, 1000)
        .forEach(i -> object.putPOJO("the key " + i, value(random, depth)));
    return object;
  }

  @Test
  void generatesOnlyWhatBindsWithTheWholeVocabulary() throws JsonProcessingException {
    Random random = new Random(6);
    TokenConstraint person = over(Constraint.jsonSchema(PERSON));
    TokenBytes bytes = tokenizer.tokenBytes();
    for (int round = 0; round < 30; round++) {
      List<Integer> ids = generate(person.start(), random);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      ids.forEach(id -> text.writeBytes(bytes.of(id)));
      String decoded = tokenizer.decode(ids.stream().mapToInt(i -> i).toArray(), true);
      assertThat(text.toByteArray()).isEqualTo(decoded.getBytes(StandardCharsets.UTF_8));
      assertThat(JSON.readTree(decoded).fieldNames())
          .toIterable()
          .containsExactly("name", "age", "tags");
    }
  }

  private static final String PERSON =
      """
      {"type":"object","required":["name","age","tags"],"properties":{
        "name":{"type":"string","maxLength":40},
        "age":{"type":"integer","minimum":0,"maximum":130},
        "tags":{"type":"array","maxItems":3,"items":{"type":"string","maxLength":10}}}}
      """;

  private static List<Integer> generate(ConstraintState state, Random random) {
    List<Integer> ids = new ArrayList<>();
    while (true) {
      BitSet allowed = state.allowed();
      int from = random.nextInt(tokenizer.vocabularySize());
      int token = allowed.nextSetBit(from);
      token = token < 0 ? allowed.nextSetBit(0) : token;
      if (token == END) {
        return ids;
      }
      ids.add(token);
      state.accept(token);
    }
  }

  @Test
  void leavesNoMaskOfACountedStringToTheSteps() {
    for (int most : new int[] {100, 255, 1000}) {
      TokenConstraint counted =
          over(Constraint.jsonSchema("{\"type\":\"string\",\"maxLength\":" + most + "}"));
      assertThat(counted.computeAhead(() -> true)).isTrue();
      long ahead = counted.keptMasks();
      String text = "\"" + "an old house by the sea, and nobody in it; ".repeat(23) + "\"";
      requireAccepted(counted.start(), text.substring(0, Math.min(990, most - 90)) + "\"");
      assertThat(counted.keptMasks()).as("maxLength %d", most).isEqualTo(ahead);
    }
  }

  /** A decode step of the model takes 5 ms and more. */
  @Test
  void takesLessThanATenthOfADecodeStep() {
    String text =
        "{\"name\": \"Anna Lind of the northern hills\", \"age\": 42, \"height\": 1.75, \"member\":"
            + " true, \"addresses\": [{\"street\": \"Long Road by the old river\", \"number\": 7}]}";
    for (Constraint constraint : List.of(Constraint.record(Person.class), Constraint.json())) {
      TokenConstraint prepared = over(constraint);
      run(prepared, text, 20);
      assertThat(run(prepared, text, 20)).as("CPU nanoseconds a step").isLessThan(500_000);
    }
  }

  private static long run(TokenConstraint constraint, String text, int rounds) {
    int[] tokens = tokenizer.encode(text, false);
    float[] logits = new float[tokenizer.vocabularySize()];
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < rounds; i++) {
      run(constraint.start(), tokens, logits);
    }
    long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    return (end - start) / rounds / tokens.length;
  }

  private static void run(ConstraintState state, int[] tokens, float[] logits) {
    for (int token : tokens) {
      state.apply(logits);
      state.accept(token);
    }
  }
}
