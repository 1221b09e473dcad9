package dev.loquat.generation;

import java.util.List;
import java.util.Objects;

/**
 * How a text is generated and when it ends.
 *
 * @param maxNewTokens the most tokens to generate, 1 or more
 * @param sampling how each token is chosen
 * @param stopSequences texts that end the generation; the result ends before the first of them
 * @param overflow what to do with a prompt longer than the context
 */
public record GenerationOptions(
    int maxNewTokens,
    SamplingOptions sampling,
    List<String> stopSequences,
    PromptOverflow overflow) {

  /** Copies the stop sequences and checks the ranges. */
  public GenerationOptions {
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(overflow, "overflow");
    stopSequences = List.copyOf(stopSequences);
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "maxNewTokens is " + maxNewTokens + "; expected 1 or more");
    }
    if (stopSequences.contains("")) {
      throw new IllegalArgumentException("A stop sequence is empty; expected some text");
    }
  }
}
