package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;
import java.util.Set;

/** Bans some tokens; those that the vocabulary lacks can't come anyway. */
record BannedTokens(Set<Integer> ids) implements LogitsProcessor {

  BannedTokens {
    ids = Set.copyOf(ids);
  }

  @Override
  public void process(TokenHistory history, float[] logits) {
    for (int id : ids) {
      if (id < logits.length) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
