package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;
import java.util.Map;

/** Adds a number to the logits of some tokens. */
record LogitBias(Map<Integer, Float> bias) implements LogitsProcessor {

  LogitBias {
    bias = Map.copyOf(bias);
  }

  @Override
  public void process(TokenHistory history, float[] logits) {
    bias.forEach((token, number) -> logits[token] += number);
  }
}
