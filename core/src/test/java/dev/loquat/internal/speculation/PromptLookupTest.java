package dev.loquat.internal.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.generation.TokenHistory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PromptLookupTest {
  private static final int LONGEST = 3;

  private final Drafter lookup = new PromptLookup();

  @Test
  void goesOnAsTheLastTokensDidBefore() {
    assertThat(draft(2, 1, 2, 3, 4, 5, 9, 1, 2, 3)).containsExactly(4, 5);
  }

  @Test
  void draftsNothingAfterANewToken() {
    assertThat(draft(4, 1, 2, 3, 4)).isEmpty();
    assertThat(draft(4, 7)).isEmpty();
  }

  @Test
  void prefersMoreTokensInCommonToALaterPlace() {
    assertThat(draft(1, 1, 2, 3, 50, 9, 3, 60, 1, 2, 3)).containsExactly(50);
  }

  @Test
  void prefersTheLaterOfPlacesThatAreAlike() {
    assertThat(draft(1, 1, 2, 3, 50, 1, 2, 3, 60, 1, 2, 3)).containsExactly(60);
  }

  @Test
  void goesRoundWithATextThatDoes() {
    assertThat(draft(5, 8, 1, 2, 1, 2)).containsExactly(1, 2, 1, 2, 1);
  }

  @Property
  void draftsAsTheNaiveSearchDoes(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 4) Integer> tokens,
      @ForAll @IntRange(min = 1, max = 12) int limit) {
    assertThat(draft(tokens, limit))
        .containsExactly(naive(tokens, limit).stream().mapToInt(Integer::intValue).toArray());
  }

  /** Appends to a copy what stands behind the last place of the longest ngram. */
  private static List<Integer> naive(List<Integer> tokens, int limit) {
    for (int size = Math.min(LONGEST, tokens.size() - 1); size > 0; size--) {
      List<Integer> ngram = tokens.subList(tokens.size() - size, tokens.size());
      List<Integer> before = tokens.subList(0, tokens.size() - 1);
      int found = Collections.lastIndexOfSubList(before, ngram);
      if (found >= 0) {
        List<Integer> whole = new ArrayList<>(tokens);
        for (int i = 0; i < limit; i++) {
          whole.add(whole.get(found + size + i));
        }
        return whole.subList(tokens.size(), whole.size());
      }
    }
    return List.of();
  }

  private int[] draft(int limit, Integer... tokens) {
    return draft(List.of(tokens), limit);
  }

  private int[] draft(List<Integer> tokens, int limit) {
    return lookup.draft(List.of(new DraftRequest(0, new Listed(tokens), limit))).get(0);
  }

  private record Listed(List<Integer> tokens) implements TokenHistory {

    @Override
    public int length() {
      return tokens.size();
    }

    @Override
    public int promptLength() {
      return tokens.size();
    }

    @Override
    public int token(int index) {
      return tokens.get(index);
    }
  }
}
