package dev.loquat.generation;

import java.util.Objects;

/**
 * How a text is guessed ahead.
 *
 * @param source who guesses
 * @param maxDraftTokens the most tokens to guess in a step, 0 for none to {@link
 *     #DRAFT_TOKENS_LIMIT}
 */
public record SpeculationOptions(DraftSource source, int maxDraftTokens) {
  /** The greatest {@link #maxDraftTokens}; each token guessed takes a row of logits. */
  public static final int DRAFT_TOKENS_LIMIT = 64;

  /** No guesses. */
  public static final SpeculationOptions NONE =
      new SpeculationOptions(DraftSource.PROMPT_LOOKUP, 0);

  /** Checks the range. */
  public SpeculationOptions {
    Objects.requireNonNull(source, "source");
    if (maxDraftTokens < 0 || maxDraftTokens > DRAFT_TOKENS_LIMIT) {
      throw new IllegalArgumentException(
          "maxDraftTokens is " + maxDraftTokens + "; expected 0 (none) to " + DRAFT_TOKENS_LIMIT);
    }
  }

  /**
   * Whether a generation needs a draft model.
   *
   * @return true if that guesses, and one token or more
   */
  public boolean needsDraftModel() {
    return source == DraftSource.DRAFT_MODEL && maxDraftTokens > 0;
  }
}
