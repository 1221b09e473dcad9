package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;
import java.util.Arrays;
import java.util.List;

/** Leaves only one token for each of the first new ones. */
record ForcedTokens(List<Integer> ids) implements LogitsProcessor {

  ForcedTokens {
    ids = List.copyOf(ids);
  }

  @Override
  public void process(TokenHistory history, float[] logits) {
    if (history.newTokens() < ids.size()) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
      logits[ids.get(history.newTokens())] = 0;
    }
  }
}
