package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses the next token of one sequence from its logits.
 *
 * <p>A sampler has a state, its random numbers and its working memory: use one per sequence, from
 * one thread at a time. It remembers nothing of a history, so that the positions of one step, each
 * with its own history, may be sampled one after the other. Two samplers with the same options and
 * seed choose the same tokens from the same logits and histories, on every platform.
 */
public interface Sampler {

  /**
   * Chooses a token. Of tokens that are equally likely, greedy takes the one with the lowest id.
   *
   * @param logits one number for every token of the vocabulary, negative infinity for a token that
   *     must not be chosen; may be overwritten
   * @param history the tokens before the one to choose; not kept
   * @return a token id, from 0 to below the array's length
   * @throws dev.loquat.error.BackendException if a logit is NaN or positive infinity, or none is
   *     finite
   * @throws dev.loquat.error.SamplingException if the options leave no token, or a processor fails
   */
  int sample(float[] logits, TokenHistory history);

  /**
   * The probabilities by which {@link #sample} would choose; draws no random number.
   *
   * @param logits as for {@link #sample}; may be overwritten
   * @param history the tokens before the one to choose; not kept
   * @return one for every token, with a sum of 1; 0 for a token that can't be chosen
   * @throws dev.loquat.error.BackendException as {@link #sample} does
   * @throws dev.loquat.error.SamplingException as {@link #sample} does
   */
  double[] probabilities(float[] logits, TokenHistory history);

  /**
   * What a device needs to know to choose in place of {@link #sample}; takes no random number. The
   * token then differs from {@link #sample}'s, which draws in another order, but not its
   * probability.
   *
   * @param ahead how many tokens come before the one to choose, 0 for the next
   * @return empty where only {@link #sample} can: with penalties, rules, processors, constraints or
   *     typical-p
   */
  Optional<Draw> draw(int ahead);

  /** Goes on behind a token that a device has drawn, as {@link #sample} does. */
  void skip();

  /**
   * The sampler that the options describe.
   *
   * @param options how to choose; without a seed the sampler takes one that differs every time
   * @param vocabularySize the length of the logits
   * @param endTokens the tokens that end a text
   * @return a sampler in its first state
   * @throws IllegalArgumentException if the options name a token that the vocabulary lacks
   */
  static Sampler of(SamplingOptions options, int vocabularySize, Set<Integer> endTokens) {
    return of(options, vocabularySize, endTokens, List.of());
  }

  /**
   * The sampler that the options describe, with changes that nothing in them can undo.
   *
   * @param options how to choose; without a seed the sampler takes one that differs every time
   * @param vocabularySize the length of the logits
   * @param endTokens the tokens that end a text
   * @param last what else is done to the logits, after all that the options ask for but temperature
   *     and truncation
   * @return a sampler in its first state
   * @throws IllegalArgumentException if the options name a token that the vocabulary lacks
   */
  static Sampler of(
      SamplingOptions options,
      int vocabularySize,
      Set<Integer> endTokens,
      List<LogitsProcessor> last) {
    Objects.requireNonNull(options, "options");
    ProcessedLogits processed = ProcessedLogits.of(options, vocabularySize, endTokens, last);
    if (options.temperature() == 0) {
      return new GreedySampler(processed);
    }
    long seed = options.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
    return new RandomSampler(
        processed, LogitsFilter.of(options), Draw.rule(options), new SplitMix64(seed));
  }
}
