package dev.loquat.checkpoint;

import java.util.Objects;
import java.util.Set;

/**
 * What a checkpoint's {@code generation_config.json} says of generating with it.
 *
 * @param endTokens the tokens that end a text
 * @param sample whether to sample; false means greedy
 * @param temperature what logits are divided by before sampling
 * @param topK how many of the likeliest tokens are kept; 0 for all
 * @param topP the probability that the kept tokens must reach; 1 for all
 */
public record GenerationDefaults(
    Set<Integer> endTokens, boolean sample, double temperature, int topK, double topP) {

  /** Copies the end tokens. */
  public GenerationDefaults {
    endTokens = Set.copyOf(Objects.requireNonNull(endTokens, "endTokens"));
  }
}
