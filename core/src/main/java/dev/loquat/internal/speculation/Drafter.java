package dev.loquat.internal.speculation;

import java.util.List;

/**
 * Drafts what may follow sequences. What it drafts changes how fast a text comes, never the text.
 *
 * <p>Used on the engine's thread.
 */
public interface Drafter {

  /**
   * Drafts the next tokens of sequences.
   *
   * @param requests one or more, of different slots
   * @return for each request, in the same order, 0 to {@link DraftRequest#limit} token ids
   * @throws dev.loquat.error.BackendException if a model that drafts fails
   */
  List<int[]> draft(List<DraftRequest> requests);

  /** Forgets what it keeps of sequences; what it drafts next takes longer. By default nothing. */
  default void forget() {}
}
