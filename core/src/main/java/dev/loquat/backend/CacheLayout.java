package dev.loquat.backend;

/**
 * The shape of a KV cache in sequences.
 *
 * @param slots how many sequences it holds at once
 * @param contextLength the most tokens of one sequence
 */
public record CacheLayout(int slots, int contextLength) {

  /** Checks the sizes. */
  public CacheLayout {
    if (slots <= 0 || contextLength <= 0) {
      throw new IllegalArgumentException(
          slots + " slots of " + contextLength + " tokens; expected 1 or more of each");
    }
  }

  /**
   * The positions of all slots.
   *
   * @return 1 or more
   */
  public long positions() {
    return (long) slots * contextLength;
  }

  /**
   * Checks that the cache has a slot.
   *
   * @param slot the slot's number
   * @throws IllegalArgumentException if it is not 0 to {@link #slots} - 1
   */
  public void requireSlot(int slot) {
    if (slot < 0 || slot >= slots) {
      throw new IllegalArgumentException(
          "slot is " + slot + "; the cache has " + slots + " slots, from 0");
    }
  }

  /**
   * Checks that the beginning of one slot can be copied to another; backends call it before native
   * code sees the numbers.
   *
   * @param from the slot to read
   * @param to the slot to overwrite
   * @param tokens how many positions, from 0
   * @throws IllegalArgumentException if there is no such slot or position
   * @see DecoderSession#copySlot
   */
  public void requireCopy(int from, int to, int tokens) {
    requireSlot(from);
    requireSlot(to);
    if (tokens < 0 || tokens > contextLength) {
      throw new IllegalArgumentException(
          "tokens is " + tokens + "; expected 0 to " + contextLength + ", the context's length");
    }
  }
}
