package dev.loquat.generation;

import java.util.List;
import java.util.Objects;

/**
 * What the model thought of one position of a text.
 *
 * @param actual the token that stands there
 * @param top the likeliest tokens there, the likeliest first; as many as were asked for
 */
public record TokenLogProbs(TokenLogProb actual, List<TokenLogProb> top) {

  /** Copies the list. */
  public TokenLogProbs {
    Objects.requireNonNull(actual, "actual");
    top = List.copyOf(top);
  }
}
