package dev.loquat.constraint;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ComputedAheadTest {
  private final ByteVocabulary vocabulary = ByteVocabulary.create();

  @Test
  void leavesNoMaskToTheStepsOfATextWhateverItSays() {
    TokenConstraint json = vocabulary.over(Constraint.json());
    assertThat(json.computeAhead(() -> true)).isTrue();
    long ahead = json.keptMasks();
    List.of("{\"name\":[1,true,{}],\"ab\":null}", "[[-1.5e1,\"\\n中文\"],[]]", "\"2024-02-29\"")
        .forEach(text -> read(json, text));
    assertThat(ahead).isPositive();
    assertThat(json.keptMasks()).isEqualTo(ahead);
  }

  @Test
  void computesNothingUnasked() {
    assertThat(vocabulary.over(Constraint.json()).keptMasks()).isZero();
  }

  @Test
  void keepsNoMoreMasksOfAGrammarOfManyStatesThanHaveRoom() {
    String different =
        new Random(7).ints(4_000, 'a', 'c').mapToObj(Character::toString).collect(joining());
    TokenConstraint wide = wideVocabulary().over(Constraint.regex(different));
    assertThat(wide.computeAhead(() -> true)).isTrue();
    assertThat(wide.keptMasks()).isBetween(500L, 3999L);
    assertThat(wide.byteLength()).isBetween(6L << 20, 9L << 20);
  }

  @Test
  void keepsOneMaskForAllStatesThatNoTokenTellsApart() {
    TokenConstraint counted = vocabulary.over(Constraint.regex("[a-z ]{1,4000}"));
    assertThat(counted.computeAhead(() -> true)).isTrue();
    long ahead = counted.keptMasks();
    assertThat(ahead).isLessThan(20);
    read(counted, "abc b c foo".repeat(300));
    assertThat(counted.keptMasks()).isEqualTo(ahead);
  }

  @Test
  void stopsWhereItIsToldToAndGoesOnFromThere() {
    TokenConstraint json = vocabulary.over(Constraint.json());
    AtomicInteger left = new AtomicInteger(3);
    assertThat(json.computeAhead(() -> left.getAndDecrement() > 0)).isFalse();
    assertThat(json.keptMasks()).isEqualTo(3);
    assertThat(json.computeAhead(() -> true)).isTrue();
  }

  /** As many tokens as make a mask of some kilobytes. */
  private static ByteVocabulary wideVocabulary() {
    String[] pieces = new String[40_000];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = "c" + i;
    }
    pieces[0] = "a";
    pieces[1] = "ab".repeat(15);
    return ByteVocabulary.of(false, pieces);
  }

  private void read(TokenConstraint constraint, String text) {
    ConstraintState state = constraint.start();
    for (int token : vocabulary.split(text, new Random(3))) {
      assertThat(state.allowed().get(token)).as(text).isTrue();
      state.accept(token);
    }
  }
}
