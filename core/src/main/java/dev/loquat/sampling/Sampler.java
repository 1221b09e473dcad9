package dev.loquat.sampling;

import dev.loquat.generation.SamplingOptions;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses the next token of one sequence from its logits.
 *
 * <p>A sampler has a state, its random numbers and its working memory: use one per sequence, from
 * one thread at a time. Two samplers with the same options and seed choose the same tokens from the
 * same logits, on every platform.
 */
public interface Sampler {

  /**
   * Chooses a token. Of tokens that are equally likely, the one with the lowest id comes first.
   *
   * @param logits one number for every token of the vocabulary, negative infinity for a token that
   *     must not be chosen; may be overwritten
   * @return a token id, from 0 to below the array's length
   * @throws dev.loquat.error.BackendException if a logit is NaN or positive infinity, or none is
   *     finite
   */
  int sample(float[] logits);

  /**
   * The sampler that the options describe.
   *
   * @param options how to choose; without a seed the sampler takes one that differs every time
   * @return a sampler in its first state
   */
  static Sampler of(SamplingOptions options) {
    Objects.requireNonNull(options, "options");
    if (options.temperature() == 0) {
      return greedy();
    }
    long seed = options.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
    return new RandomSampler(LogitsFilter.of(options), new SplitMix64(seed));
  }

  /**
   * The sampler that always takes the likeliest token.
   *
   * @return a sampler without state
   */
  static Sampler greedy() {
    return Peak::of;
  }
}
