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
}
