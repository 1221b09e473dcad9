package dev.loquat.generation;

import java.util.OptionalLong;

/**
 * How the next token is chosen from the logits. Filters apply in the order temperature, top-k,
 * top-p.
 *
 * @param temperature what logits are divided by; 0 takes the likeliest token (greedy), 1 samples
 *     from the model's own distribution
 * @param topK how many of the likeliest tokens are kept; 0 for all
 * @param topP keeps the fewest likeliest tokens whose probabilities reach this sum; 1 for all
 * @param seed starts the random numbers; empty for a seed that differs every time
 */
public record SamplingOptions(double temperature, int topK, double topP, OptionalLong seed) {

  /** Checks the ranges. */
  public SamplingOptions {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature is " + temperature + "; expected 0 (greedy) or a finite number above");
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK is " + topK + "; expected 0 (all) or more");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP is " + topP + "; expected above 0, at most 1");
    }
  }

  /**
   * Always the likeliest token.
   *
   * @return temperature 0, no filters
   */
  public static SamplingOptions greedy() {
    return new SamplingOptions(0, 0, 1, OptionalLong.empty());
  }
}
