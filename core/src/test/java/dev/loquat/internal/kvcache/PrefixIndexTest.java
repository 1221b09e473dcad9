package dev.loquat.internal.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.internal.kvcache.PrefixIndex.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {
  private static final int SLOTS = 3;

  @Test
  void findsTheLowestSlotWithTheLongestBeginning() {
    PrefixIndex index = new PrefixIndex(4);
    index.write(0, 0, new int[] {1, 9});
    index.write(1, 0, new int[] {1, 2, 3});
    index.write(3, 0, new int[] {1, 2, 8, 9});
    assertThat(index.longest(new int[] {1, 2, 7}, 3)).isEqualTo(new Match(1, 2));
    assertThat(index.longest(new int[] {1, 2, 8}, 3)).isEqualTo(new Match(3, 3));
    assertThat(index.longest(new int[] {1, 2, 8}, 1)).isEqualTo(new Match(0, 1));
    assertThat(index.longest(new int[] {2}, 1)).isEqualTo(PrefixIndex.NONE);
  }

  @Test
  void writingForgetsWhatStoodBehind() {
    PrefixIndex index = new PrefixIndex(1);
    index.write(0, 0, new int[] {1, 2, 3, 4});
    index.write(0, 1, new int[] {7});
    assertThat(index.length(0)).isEqualTo(2);
    assertThat(index.commonLength(0, new int[] {1, 7, 3, 4}, 4)).isEqualTo(2);
  }

  /** Moves are a kind, two slots, a length and the token to write. */
  @Property
  void agreesWithLists(
      @ForAll @Size(max = 30) List<@Size(value = 5) List<@IntRange(max = 5) Integer>> moves,
      @ForAll @Size(max = 12) List<@IntRange(max = 2) Integer> prompt,
      @ForAll @IntRange(max = 12) int limit) {
    PrefixIndex index = new PrefixIndex(SLOTS);
    List<List<Integer>> naive = naiveSlots();
    for (List<Integer> move : moves) {
      int slot = move.get(1) % SLOTS;
      List<Integer> held = naive.get(slot);
      int kept = Math.min(held.size(), move.get(3));
      switch (move.get(0) % 3) {
        case 0 -> {
          List<Integer> written = Collections.nCopies(1 + move.get(4) / 3, move.get(4) % 3);
          index.write(slot, kept, ints(written));
          held.subList(kept, held.size()).clear();
          held.addAll(written);
        }
        case 1 -> {
          int to = move.get(2) % SLOTS;
          index.copy(slot, to, kept);
          naive.set(to, new ArrayList<>(held.subList(0, kept)));
        }
        default -> {
          index.truncate(slot, move.get(3));
          held.subList(kept, held.size()).clear();
        }
      }
    }
    int counted = Math.min(limit, prompt.size());
    assertThat(index.longest(ints(prompt), counted)).isEqualTo(longest(naive, prompt, counted));
    for (int slot = 0; slot < SLOTS; slot++) {
      assertThat(index.length(slot)).isEqualTo(naive.get(slot).size());
      assertThat(index.commonLength(slot, ints(prompt), counted))
          .isEqualTo(common(naive.get(slot), prompt, counted));
    }
  }

  private static List<List<Integer>> naiveSlots() {
    List<List<Integer>> slots = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      slots.add(new ArrayList<>());
    }
    return slots;
  }

  private static Match longest(List<List<Integer>> slots, List<Integer> prompt, int limit) {
    for (int length = limit; length > 0; length--) {
      for (int slot = 0; slot < SLOTS; slot++) {
        if (common(slots.get(slot), prompt, limit) == length) {
          return new Match(slot, length);
        }
      }
    }
    return PrefixIndex.NONE;
  }

  private static int common(List<Integer> held, List<Integer> prompt, int limit) {
    int length = Math.min(held.size(), limit);
    while (!held.subList(0, length).equals(prompt.subList(0, length))) {
      length--;
    }
    return length;
  }

  private static int[] ints(List<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}
