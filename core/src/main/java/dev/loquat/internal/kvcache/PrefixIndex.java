package dev.loquat.internal.kvcache;

import java.util.Arrays;

/**
 * The tokens that each slot of a KV cache holds, and which slot holds the most of a prompt.
 *
 * <p>A lookup compares with every slot, token by token: a few microseconds where there are as many
 * slots as a device can serve, and exact to the token.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
public final class PrefixIndex {
  /** No slot holds anything. */
  static final Match NONE = new Match(0, 0);

  private final int[][] tokens;
  private final int[] lengths;

  /**
   * Creates an index of empty slots.
   *
   * @param slots how many there are
   */
  public PrefixIndex(int slots) {
    tokens = new int[slots][0];
    lengths = new int[slots];
  }

  /**
   * The beginning of a prompt that a slot holds.
   *
   * @param slot the slot
   * @param length how many tokens of the prompt, 0 if no slot holds any
   */
  public record Match(int slot, int length) {}

  /**
   * Finds the slot that holds the longest beginning of a sequence.
   *
   * @param sequence the sequence
   * @param limit how many of its tokens count
   * @return the lowest of the best slots
   */
  public Match longest(int[] sequence, int limit) {
    Match best = NONE;
    for (int slot = 0; slot < lengths.length; slot++) {
      int common = commonLength(slot, sequence, limit);
      if (common > best.length()) {
        best = new Match(slot, common);
      }
    }
    return best;
  }

  /**
   * How much of a sequence's beginning a slot holds.
   *
   * @param slot the slot
   * @param sequence the sequence
   * @param limit how many of its tokens count
   * @return 0 to the limit
   */
  public int commonLength(int slot, int[] sequence, int limit) {
    int length = Math.min(lengths[slot], limit);
    int mismatch = Arrays.mismatch(tokens[slot], 0, length, sequence, 0, length);
    return mismatch < 0 ? length : mismatch;
  }

  /**
   * How many tokens a slot holds.
   *
   * @param slot the slot
   * @return 0 or more
   */
  public int length(int slot) {
    return lengths[slot];
  }

  /**
   * Tells that a step wrote tokens to a slot; what stood there and after is gone.
   *
   * @param slot the slot
   * @param position where the first was written
   * @param written the tokens
   */
  public void write(int slot, int position, int[] written) {
    int end = position + written.length;
    reserve(slot, end);
    System.arraycopy(written, 0, tokens[slot], position, written.length);
    lengths[slot] = end;
  }

  /**
   * Tells that a slot got the beginning of another.
   *
   * @param from the slot read
   * @param to the slot written
   * @param length how many tokens
   */
  public void copy(int from, int to, int length) {
    if (from != to) {
      reserve(to, length);
      System.arraycopy(tokens[from], 0, tokens[to], 0, length);
    }
    lengths[to] = length;
  }

  /**
   * Tells that nothing in a slot from a position on is of use.
   *
   * @param slot the slot
   * @param length how many tokens are left, at most as many as there are
   */
  public void truncate(int slot, int length) {
    lengths[slot] = Math.min(length, lengths[slot]);
  }

  private void reserve(int slot, int length) {
    if (tokens[slot].length < length) {
      tokens[slot] = Arrays.copyOf(tokens[slot], Math.max(length, 2 * tokens[slot].length));
    }
  }
}
