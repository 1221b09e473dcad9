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
    if (sampling.tokens().minNewTokens() > maxNewTokens) {
      throw new IllegalArgumentException(
          "minNewTokens is "
              + sampling.tokens().minNewTokens()
              + ", but maxNewTokens is "
              + maxNewTokens
              + "; expected no more than that. Set maxNewTokens first.");
    }
    if (stopSequences.contains("")) {
      throw new IllegalArgumentException("A stop sequence is empty; expected some text");
    }
  }

  /**
   * With another limit of new tokens.
   *
   * @param count the new {@link #maxNewTokens}
   * @return changed options
   */
  public GenerationOptions withMaxNewTokens(int count) {
    return new GenerationOptions(count, sampling, stopSequences, overflow);
  }

  /**
   * With another way to choose tokens.
   *
   * @param changed the new {@link #sampling}
   * @return changed options
   */
  public GenerationOptions withSampling(SamplingOptions changed) {
    return new GenerationOptions(maxNewTokens, changed, stopSequences, overflow);
  }

  /**
   * With other stop sequences.
   *
   * @param sequences the new {@link #stopSequences}
   * @return changed options
   */
  public GenerationOptions withStopSequences(List<String> sequences) {
    return new GenerationOptions(maxNewTokens, sampling, sequences, overflow);
  }

  /**
   * With another treatment of long prompts.
   *
   * @param treatment the new {@link #overflow}
   * @return changed options
   */
  public GenerationOptions withOverflow(PromptOverflow treatment) {
    return new GenerationOptions(maxNewTokens, sampling, stopSequences, treatment);
  }
}
