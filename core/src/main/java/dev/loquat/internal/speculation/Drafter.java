package dev.loquat.internal.speculation;

import dev.loquat.generation.TokenHistory;

/**
 * Drafts what may follow a sequence. What it drafts changes how fast a text comes, never the text.
 *
 * <p>Each is used by one generation, on the engine's thread.
 */
public interface Drafter {

  /**
   * Drafts the next tokens.
   *
   * @param history the sequence so far
   * @param limit the most tokens to draft, 1 or more
   * @return 0 to {@code limit} token ids of the vocabulary
   */
  int[] draft(TokenHistory history, int limit);
}
