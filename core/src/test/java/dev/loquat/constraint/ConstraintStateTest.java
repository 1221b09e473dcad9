package dev.loquat.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.error.ConstraintException;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ConstraintStateTest {
  private static final int A = ByteVocabulary.FIRST_BYTE + 'a';
  private static final int B = ByteVocabulary.FIRST_BYTE + 'b';
  private final ByteVocabulary vocabulary = ByteVocabulary.create();

  private ConstraintState regex(String pattern) {
    return vocabulary.over(Constraint.regex(pattern)).start();
  }

  @Test
  void refusesATokenThatIsNotAllowedAndStaysWhereItWas() {
    ConstraintState state = regex("ab");
    state.accept(A);
    for (int token : new int[] {A, ByteVocabulary.END, ByteVocabulary.SPECIAL, -1, 1 << 20}) {
      assertThatThrownBy(() -> state.accept(token))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Token " + token + " is not allowed after 1 tokens");
    }
    state.accept(B);
    assertThat(state.isComplete()).isTrue();
  }

  @Test
  void leavesTheLogitsOfAllowedTokensAlone() {
    ConstraintState state = regex("(ab)*");
    float[] logits = new float[vocabulary.size() + 100];
    Arrays.fill(logits, 0.5f);
    state.apply(logits);
    BitSet kept = new BitSet();
    for (int id = 0; id < logits.length; id++) {
      kept.set(id, logits[id] == 0.5f);
      assertThat(logits[id]).isIn(0.5f, Float.NEGATIVE_INFINITY);
    }
    assertThat(kept).isEqualTo(state.allowed());
    assertThat(kept.get(A) && kept.get(ByteVocabulary.END)).isTrue();
    assertThat(kept.get(B) || kept.get(ByteVocabulary.SPECIAL)).isFalse();
  }

  @Test
  void saysSoWhenTheVocabularyLacksWhatTheTextNeeds() {
    ByteVocabulary letters = ByteVocabulary.of(false, "a", "b", "ab");
    ConstraintState state = letters.over(Constraint.regex("a[bx]é")).start();
    state.accept(ByteVocabulary.FIRST_BYTE + 2);
    assertThatThrownBy(state::allowed)
        .isInstanceOf(ConstraintException.class)
        .hasMessageStartingWith(
            "No token of the vocabulary goes on with the constrained text after 1 tokens");
  }

  @Test
  void countsTheFirstSpaceAsNothingWhereDecodingStripsIt() {
    ByteVocabulary pieces = ByteVocabulary.of(true, " a", "a", " ", " b", "  a");
    ConstraintState state = pieces.over(Constraint.regex("a b")).start();
    assertThat(state.allowed().stream()).containsExactly(3, 4);
    state.accept(3);
    assertThat(state.allowed().stream()).containsExactly(5, 6);
    ConstraintState spaced = pieces.over(Constraint.regex(" a")).start();
    assertThat(spaced.allowed().stream()).containsExactly(7);
  }
}
