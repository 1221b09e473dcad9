package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;

/** Bans every token that would complete an n-gram which prompt and text have already. */
record NoRepeatNgram(int size) implements LogitsProcessor {

  @Override
  public void process(TokenHistory history, float[] logits) {
    if (size <= history.length()) {
      new Recurrence(history, size - 1)
          .forEachFollowing(token -> logits[token] = Float.NEGATIVE_INFINITY);
    }
  }
}
