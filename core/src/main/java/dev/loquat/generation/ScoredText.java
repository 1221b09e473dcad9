package dev.loquat.generation;

import java.util.List;
import java.util.Objects;

/**
 * A text that a beam search found.
 *
 * @param text the new text, without the prompt and special tokens
 * @param tokenIds the new tokens, an end token included
 * @param score its log-probability divided by its length to the power of the length penalty
 */
public record ScoredText(String text, List<Integer> tokenIds, double score) {

  /** Copies the token ids. */
  public ScoredText {
    Objects.requireNonNull(text, "text");
    tokenIds = List.copyOf(tokenIds);
  }
}
