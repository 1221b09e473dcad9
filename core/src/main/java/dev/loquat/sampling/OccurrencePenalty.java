package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;
import java.util.BitSet;

/**
 * Takes a number off the logits of the new tokens so far, once for each token (presence) and once
 * more for every time it came (frequency). The prompt's tokens do not count. As the OpenAI API
 * defines the two.
 */
final class OccurrencePenalty implements LogitsProcessor {

  private final float presence;
  private final float frequency;
  private final BitSet seen = new BitSet();

  OccurrencePenalty(double presence, double frequency) {
    this.presence = (float) presence;
    this.frequency = (float) frequency;
  }

  @Override
  public void process(TokenHistory history, float[] logits) {
    seen.clear();
    for (int i = history.promptLength(); i < history.length(); i++) {
      int token = history.token(i);
      logits[token] -= frequency;
      if (!seen.get(token)) {
        seen.set(token);
        logits[token] -= presence;
      }
    }
  }
}
