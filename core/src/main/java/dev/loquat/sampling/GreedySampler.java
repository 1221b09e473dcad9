package dev.loquat.sampling;

import dev.loquat.generation.TokenHistory;
import java.util.Optional;

/** Takes the likeliest token. */
record GreedySampler(ProcessedLogits processed) implements Sampler {

  @Override
  public int sample(float[] logits, TokenHistory history) {
    return processed.peak(logits, history);
  }

  @Override
  public double[] probabilities(float[] logits, TokenHistory history) {
    double[] probabilities = new double[logits.length];
    probabilities[processed.peak(logits, history)] = 1;
    return probabilities;
  }

  @Override
  public Optional<Draw> draw(int ahead) {
    return processed.isUnchanged() ? Optional.of(Draw.LIKELIEST) : Optional.empty();
  }

  /** Takes no random numbers. */
  @Override
  public void skip() {}
}
