package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;
import java.util.BitSet;

/**
 * Makes the tokens of prompt and text less likely, however often they came: divides their logits,
 * or multiplies them if they are negative (Keskar et al., "CTRL", 2019).
 */
final class RepetitionPenalty implements LogitsProcessor {

  private final float penalty;
  private final BitSet seen = new BitSet();

  RepetitionPenalty(double penalty) {
    this.penalty = (float) penalty;
  }

  @Override
  public void process(TokenHistory history, float[] logits) {
    seen.clear();
    for (int i = 0; i < history.length(); i++) {
      int token = history.token(i);
      if (!seen.get(token)) {
        seen.set(token);
        logits[token] = penalized(logits[token]);
      }
    }
  }

  private float penalized(float logit) {
    return logit < 0 ? logit * penalty : logit / penalty;
  }
}
