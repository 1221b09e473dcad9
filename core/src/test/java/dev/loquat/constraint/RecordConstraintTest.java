package dev.loquat.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordConstraintTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();
  private final ByteVocabulary vocabulary = ByteVocabulary.create();
  private final Random random = new Random(3);

  enum Color {
    RED,
    DARK_BLUE {
      @Override
      public String toString() {
        return "dark blue";
      }
    }
  }

  record Numbers(
      byte a, short b, int c, long d, float e, double f, Integer g, BigInteger h, BigDecimal i) {}

  record Tree(String name, Color color, List<Tree> children) {}

  record Everything(
      boolean flag,
      Map<String, Integer> counts,
      Set<Color> colors,
      @SuppressWarnings("ArrayRecordComponent") String[] words,
      Optional<Tree> tree,
      Optional<String> note,
      List<List<Double>> matrix) {}

  record Empty() {}

  @Test
  void generatesOnlyWhatBindsToTheRecord() throws JsonProcessingException {
    for (Class<?> type : List.of(Numbers.class, Tree.class, Everything.class, Empty.class)) {
      TokenConstraint constraint = vocabulary.over(Constraint.record(type));
      for (int round = 0; round < 300; round++) {
        String json = new RandomText(vocabulary, random).generate(constraint.start());
        assertThat(JSON.readValue(json, type)).isInstanceOf(type);
      }
    }
  }

  @Test
  void acceptsWhatJacksonWritesOfRecords() throws JsonProcessingException {
    Tree tree =
        new Tree("a\n\"é😀\u0001", Color.DARK_BLUE, List.of(new Tree("", Color.RED, List.of())));
    requireAccepted(tree);
    requireAccepted(
        new Numbers(
            Byte.MIN_VALUE,
            Short.MAX_VALUE,
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            -1.5f,
            1.25E-5,
            Integer.MAX_VALUE,
            BigInteger.TEN,
            new BigDecimal("0.001")));
    requireAccepted(
        new Everything(
            true,
            Map.of("é", -3),
            Set.of(Color.RED),
            new String[] {"x", ""},
            Optional.of(tree),
            Optional.of("y"),
            List.of(List.of(), List.of(0.5, -2e-3))));
  }

  private void requireAccepted(Object value) throws JsonProcessingException {
    ConstraintState state = vocabulary.over(Constraint.record(value.getClass())).start();
    String json = JSON.writeValueAsString(value);
    for (int token : vocabulary.split(json, random)) {
      assertThat(state.allowed().get(token)).as(json).isTrue();
      state.accept(token);
    }
    assertThat(state.isExhausted()).isTrue();
  }

  record WithDate(LocalDate date) {}

  record WithOptionalInt(OptionalInt number) {}

  record WithRawList(@SuppressWarnings("rawtypes") List list) {}

  record WithIntKeys(Map<Integer, String> map) {}

  record Generic<T>(T value) {}

  enum Nothing {}

  record WithNothing(Nothing nothing) {}

  @Test
  void refusesAnEnumWithoutConstants() {
    refuses(WithNothing.class, "WithNothing.nothing has the enum ");
    refuses(WithNothing.class, "Nothing without constants; expected one at least");
  }

  @Test
  void refusesOtherTypesAndNamesTheComponent() {
    refuses(WithDate.class, "WithDate.date has the type java.time.LocalDate; expected String, a");
    refuses(WithOptionalInt.class, "WithOptionalInt.number has the type java.util.OptionalInt");
    refuses(WithRawList.class, "WithRawList.list has the type java.util.List");
    refuses(WithIntKeys.class, "WithIntKeys.map has the type java.util.Map<java.lang.Integer");
    refuses(Generic.class, "Generic.value has the type T");
    refuses(String.class, "java.lang.String is no record; expected a record");
  }

  private static void refuses(Class<?> type, String message) {
    assertThatThrownBy(() -> Constraint.record(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
