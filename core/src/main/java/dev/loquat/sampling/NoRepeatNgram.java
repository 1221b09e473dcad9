package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;

/** Bans every token that would complete an n-gram which prompt and text have already. */
record NoRepeatNgram(int size) implements LogitsProcessor {

  @Override
  public void process(TokenHistory history, float[] logits) {
    for (int end = size - 1; end < history.length(); end++) {
      if (endsAlike(history, end)) {
        logits[history.token(end)] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** Whether the tokens before an index are those at the end of the history. */
  private boolean endsAlike(TokenHistory history, int index) {
    for (int back = 1; back < size; back++) {
      if (history.token(index - back) != history.token(history.length() - back)) {
        return false;
      }
    }
    return true;
  }
}
