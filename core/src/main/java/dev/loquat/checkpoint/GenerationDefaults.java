package dev.loquat.checkpoint;

import dev.loquat.generation.SamplingOptions;
import java.util.Objects;
import java.util.Set;

/**
 * What a checkpoint's {@code generation_config.json} says of generating with it.
 *
 * @param endTokens the tokens that end a text
 * @param sampling how tokens are chosen
 */
public record GenerationDefaults(Set<Integer> endTokens, SamplingOptions sampling) {

  /** Copies the end tokens. */
  public GenerationDefaults {
    endTokens = Set.copyOf(Objects.requireNonNull(endTokens, "endTokens"));
    Objects.requireNonNull(sampling, "sampling");
  }
}
