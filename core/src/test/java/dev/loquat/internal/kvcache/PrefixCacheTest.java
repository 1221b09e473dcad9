package dev.loquat.internal.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PrefixCacheTest {
  private static final int[] ONES = prompt(1, 40);
  private static final int[] TWOS = prompt(2, 40);

  @Test
  void takesAFreeSlotWithWhatItHolds() {
    PrefixCache cache = new PrefixCache(2, 1000);
    assertThat(acquire(cache, ONES)).isEqualTo(new SlotLease(0, 0, 0));
    cache.release(0);
    assertThat(cache.cachedTokens(ONES, 39)).isEqualTo(39);
    assertThat(acquire(cache, ONES)).isEqualTo(new SlotLease(0, 0, 39));
  }

  @Test
  void copiesFromASlotThatIsTaken() {
    PrefixCache cache = new PrefixCache(2, 1000);
    acquire(cache, ONES);
    assertThat(acquire(cache, ONES)).isEqualTo(new SlotLease(1, 0, 39));
    assertThat(cache.acquire(ONES, 39)).isEmpty();
    assertThat(cache.freeSlots()).isZero();
  }

  @Test
  void copiesALittleOfALongTextThatOthersMayNeed() {
    PrefixCache cache = new PrefixCache(2, 1000);
    acquire(cache, prompt(1, 100));
    cache.release(0);
    assertThat(cache.acquire(ONES, 40)).contains(new SlotLease(1, 0, 40));
    assertThat(cache.cachedTokens(prompt(1, 100), 100)).isEqualTo(100);
  }

  @Test
  void handsOutEmptySlotsFirstThenTheOneGivenBackLongestAgo() {
    PrefixCache cache = new PrefixCache(3, 1000);
    acquire(cache, ONES);
    acquire(cache, TWOS);
    cache.release(1);
    cache.release(0);
    assertThat(acquire(cache, prompt(3, 40)).slot()).isEqualTo(2);
    assertThat(acquire(cache, prompt(4, 40)).slot()).isEqualTo(1);
    assertThat(cache.cachedTokens(TWOS, 40)).isZero();
    assertThat(cache.cachedTokens(ONES, 40)).isEqualTo(40);
  }

  @Test
  void dropsTheOldestBeyondItsLimit() {
    PrefixCache cache = new PrefixCache(2, 79);
    acquire(cache, ONES);
    acquire(cache, TWOS);
    cache.release(1);
    cache.release(0);
    assertThat(cache.cachedTokens(TWOS, 40)).isZero();
    assertThat(cache.cachedTokens(ONES, 40)).isEqualTo(40);
  }

  @Test
  void leavesOutWhatIsTooShortToCopy() {
    PrefixCache cache = new PrefixCache(2, 1000);
    acquire(cache, ONES);
    assertThat(cache.cachedTokens(ONES, PrefixCache.MIN_REUSED_TOKENS - 1)).isZero();
    assertThat(cache.cachedTokens(ONES, PrefixCache.MIN_REUSED_TOKENS))
        .isEqualTo(PrefixCache.MIN_REUSED_TOKENS);
  }

  @Test
  void forgetsFreeSlotsAlone() {
    PrefixCache cache = new PrefixCache(3, 1000);
    acquire(cache, ONES);
    acquire(cache, TWOS);
    cache.release(0);
    assertThat(cache.clearFreeSlots()).containsExactly(0, 2);
    assertThat(cache.cachedTokens(ONES, 40)).isZero();
    assertThat(cache.cachedTokens(TWOS, 40)).isEqualTo(40);
  }

  @Test
  void reusesNothingWithoutALimit() {
    PrefixCache cache = new PrefixCache(2, 0);
    acquire(cache, ONES);
    assertThat(cache.reuses()).isFalse();
    assertThat(acquire(cache, ONES)).isEqualTo(new SlotLease(1, 1, 0));
  }

  /** A move from 0 gives back the slot so far in the list of those taken; others take one. */
  @Property
  void neverClaimsTokensThatASlotDoesNotHold(
      @ForAll @IntRange(min = 1, max = 4) int slots,
      @ForAll @IntRange(max = 120) int limit,
      @ForAll @Size(max = 40) List<@IntRange(min = -6, max = 3) Integer> moves) {
    PrefixCache cache = new PrefixCache(slots, limit);
    int[][] held = new int[slots][0];
    Map<Integer, int[]> taken = new TreeMap<>();
    for (int move : moves) {
      if (move < 0) {
        int[] prompt = prompt(-move % 3, 20 - 5 * move);
        Optional<SlotLease> lease = cache.acquire(prompt, prompt.length - 1);
        assertThat(lease.isPresent()).isEqualTo(taken.size() < slots);
        lease.ifPresent(granted -> take(cache, granted, prompt, held, taken));
      } else if (move < taken.size()) {
        int slot = List.copyOf(taken.keySet()).get(move);
        cache.release(slot);
        taken.remove(slot);
      }
      assertThat(cache.freeSlots()).isEqualTo(slots - taken.size());
      assertThat(cache.slots()).isEqualTo(slots);
      assertThat(keptTokens(cache, held, taken)).isLessThanOrEqualTo(limit);
    }
  }

  private static void take(
      PrefixCache cache, SlotLease lease, int[] prompt, int[][] held, Map<Integer, int[]> taken) {
    int[] source = held[lease.source()];
    assertThat(taken).doesNotContainKey(lease.slot());
    assertThat(Arrays.copyOf(source, lease.reusedTokens()))
        .isEqualTo(Arrays.copyOf(prompt, lease.reusedTokens()));
    cache.write(
        lease.slot(),
        lease.reusedTokens(),
        Arrays.copyOfRange(prompt, lease.reusedTokens(), prompt.length));
    held[lease.slot()] = prompt;
    taken.put(lease.slot(), prompt);
  }

  /** What is found of texts that stood in free slots and in no slot that is taken. */
  private static long keptTokens(PrefixCache cache, int[][] held, Map<Integer, int[]> taken) {
    return IntStream.range(0, held.length)
        .filter(slot -> !taken.containsKey(slot))
        .mapToObj(slot -> held[slot])
        .filter(
            text ->
                taken.values().stream().noneMatch(other -> text.length > 0 && other[0] == text[0]))
        .mapToLong(text -> text.length == 0 ? 0 : cache.cachedTokens(text, text.length))
        .max()
        .orElse(0);
  }

  private static SlotLease acquire(PrefixCache cache, int[] prompt) {
    SlotLease lease = cache.acquire(prompt, prompt.length - 1).orElseThrow();
    int from = lease.reusedTokens();
    cache.write(lease.slot(), from, Arrays.copyOfRange(prompt, from, prompt.length));
    return lease;
  }

  /** Tokens that differ from those of every other kind, and are the beginning of longer ones. */
  private static int[] prompt(int kind, int length) {
    return IntStream.range(0, length).map(i -> 1000 * kind + i).toArray();
  }
}
