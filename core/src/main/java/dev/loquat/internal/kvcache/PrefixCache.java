package dev.loquat.internal.kvcache;

import dev.loquat.internal.kvcache.PrefixIndex.Match;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The slots of a KV cache with what they hold. A slot that is given back keeps its tokens until
 * their room is needed, so that a prompt that begins with them starts behind them.
 *
 * <p>Handed out first are slots that hold nothing, the lowest of them; then the one given back
 * longest ago.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
public final class PrefixCache {
  /** A shorter beginning is computed faster than it is copied. */
  static final int MIN_REUSED_TOKENS = 16;

  private final SlotPool pool;
  private final PrefixIndex index;
  private final long keptTokensLimit;
  private final Set<Integer> kept = new LinkedHashSet<>();
  private long keptTokens;

  /**
   * Creates a cache that holds nothing.
   *
   * @param slots how many slots there are, 1 or more
   * @param keptTokensLimit the most tokens to keep in free slots; 0 switches reuse off
   */
  public PrefixCache(int slots, long keptTokensLimit) {
    pool = new SlotPool(slots);
    index = new PrefixIndex(slots);
    this.keptTokensLimit = keptTokensLimit;
  }

  /**
   * Takes a slot for a sequence.
   *
   * @param sequence its tokens
   * @param reusable how many of them may come from the cache
   * @return the slot, or empty if all are taken
   */
  public Optional<SlotLease> acquire(int[] sequence, int reusable) {
    if (pool.freeSlots() == 0) {
      return Optional.empty();
    }
    Match match = longest(sequence, reusable);
    int slot = isWorthTaking(match) ? match.slot() : next();
    take(slot);
    int source = match.length() > 0 ? match.slot() : slot;
    SlotLease lease = new SlotLease(slot, source, match.length());
    index.copy(source, slot, match.length());
    return Optional.of(lease);
  }

  /**
   * How much of a sequence the cache holds.
   *
   * @param sequence its tokens
   * @param reusable how many of them may come from the cache
   * @return 0, or enough to be worth it
   */
  public int cachedTokens(int[] sequence, int reusable) {
    return longest(sequence, reusable).length();
  }

  /**
   * Whether beginnings are used again at all.
   *
   * @return false if the limit is 0
   */
  public boolean reuses() {
    return keptTokensLimit > 0;
  }

  /**
   * Tells that a step wrote tokens to a slot.
   *
   * @param slot a slot that is taken
   * @param position where the first was written
   * @param tokens the tokens
   */
  public void write(int slot, int position, int[] tokens) {
    index.write(slot, position, tokens);
  }

  /**
   * Tells that a slot got the beginning of another.
   *
   * @param from the slot read
   * @param to the slot written, which is taken
   * @param length how many tokens
   */
  public void copy(int from, int to, int length) {
    index.copy(from, to, length);
  }

  /**
   * Tells that what a slot holds is not to be used again.
   *
   * @param slot the slot, taken or not
   */
  public void forget(int slot) {
    if (kept.remove(slot)) {
      keptTokens -= index.length(slot);
    }
    index.truncate(slot, 0);
  }

  /**
   * Forgets what free slots hold.
   *
   * @return all free slots
   */
  public List<Integer> clearFreeSlots() {
    List<Integer> free = IntStream.range(0, slots()).filter(pool::isFree).boxed().toList();
    free.forEach(this::forget);
    return free;
  }

  /**
   * The free slots that hold something.
   *
   * @return their numbers; a view
   */
  public Set<Integer> keptSlots() {
    return Collections.unmodifiableSet(kept);
  }

  /**
   * Gives a slot back.
   *
   * @param slot a slot that is taken
   * @throws IllegalStateException if it is free
   */
  public void release(int slot) {
    pool.release(slot);
    if (index.length(slot) >= MIN_REUSED_TOKENS && kept.add(slot)) {
      keptTokens += index.length(slot);
    } else {
      index.truncate(slot, 0);
    }
    dropBeyondLimit();
  }

  /**
   * The slots that can be taken.
   *
   * @return 0 to all
   */
  public int freeSlots() {
    return pool.freeSlots();
  }

  /**
   * All slots.
   *
   * @return 1 or more
   */
  public int slots() {
    return pool.freeSlots() + pool.takenSlots();
  }

  private Match longest(int[] sequence, int reusable) {
    Match match = keptTokensLimit == 0 ? PrefixIndex.NONE : index.longest(sequence, reusable);
    return match.length() < MIN_REUSED_TOKENS ? PrefixIndex.NONE : match;
  }

  /** A slot is taken with what it holds, unless most of that is worth keeping for others. */
  private boolean isWorthTaking(Match match) {
    return match.length() > 0
        && pool.isFree(match.slot())
        && (2 * match.length() >= index.length(match.slot()) || pool.freeSlots() == 1);
  }

  private int next() {
    if (kept.size() == pool.freeSlots()) {
      return kept.iterator().next();
    }
    int slot = 0;
    while (!pool.isFree(slot) || kept.contains(slot)) {
      slot++;
    }
    return slot;
  }

  private void take(int slot) {
    pool.acquire(slot);
    if (kept.remove(slot)) {
      keptTokens -= index.length(slot);
    }
  }

  private void dropBeyondLimit() {
    Iterator<Integer> oldest = kept.iterator();
    while (keptTokens > keptTokensLimit) {
      int slot = oldest.next();
      oldest.remove();
      keptTokens -= index.length(slot);
      index.truncate(slot, 0);
    }
  }
}
