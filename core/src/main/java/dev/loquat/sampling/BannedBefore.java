package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;

/** Bans tokens until the text has some length. */
record BannedBefore(int newTokens, BannedTokens tokens) implements LogitsProcessor {

  @Override
  public void process(TokenHistory history, float[] logits) {
    if (history.newTokens() < newTokens) {
      tokens.process(history, logits);
    }
  }
}
