package dev.loquat.generation;

import dev.loquat.constraint.Constraint;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a text is generated and when it ends.
 *
 * @param maxNewTokens the most tokens to generate, 1 or more
 * @param sampling how each token is chosen
 * @param stop what ends the text
 * @param overflow what to do with a prompt longer than the context
 * @param turn when the generation gets its turn
 * @param logProbs how many of the likeliest tokens each position reports beside the one chosen;
 *     empty for no log-probabilities
 * @param constraint what the text must be if it ends by itself; empty for any text
 * @param speculation how the text is guessed ahead
 */
public record GenerationOptions(
    int maxNewTokens,
    SamplingOptions sampling,
    StopRules stop,
    PromptOverflow overflow,
    Turn turn,
    OptionalInt logProbs,
    Optional<Constraint> constraint,
    SpeculationOptions speculation) {

  /** Checks the ranges. */
  public GenerationOptions {
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(overflow, "overflow");
    Objects.requireNonNull(stop, "stop");
    Objects.requireNonNull(turn, "turn");
    Objects.requireNonNull(constraint, "constraint");
    Objects.requireNonNull(speculation, "speculation");
    if (logProbs.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "logProbs is " + logProbs.getAsInt() + "; expected 0 or more");
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "maxNewTokens is " + maxNewTokens + "; expected 1 or more");
    }
    requireFit("minNewTokens", sampling.tokens().minNewTokens(), maxNewTokens);
    requireFit("The number of forcedTokens", sampling.tokens().forced().size(), maxNewTokens);
    if (constraint.isPresent() && !(stop.sequences().isEmpty() && stop.tokens().isEmpty())) {
      throw new IllegalArgumentException(
          "There are a constraint, the stop sequences "
              + stop.sequences()
              + " and the stop tokens "
              + stop.tokens()
              + "; expected a constraint alone, for it says itself where a text may end");
    }
  }

  private static void requireFit(String what, int count, int maxNewTokens) {
    if (count > maxNewTokens) {
      throw new IllegalArgumentException(
          what
              + " is "
              + count
              + ", but maxNewTokens is "
              + maxNewTokens
              + "; expected no more than that. Set maxNewTokens first.");
    }
  }

  /**
   * With another limit of new tokens.
   *
   * @param count the new {@link #maxNewTokens}
   * @return changed options
   */
  public GenerationOptions withMaxNewTokens(int count) {
    return new GenerationOptions(
        count, sampling, stop, overflow, turn, logProbs, constraint, speculation);
  }

  /**
   * With another way to choose tokens.
   *
   * @param changed the new {@link #sampling}
   * @return changed options
   */
  public GenerationOptions withSampling(SamplingOptions changed) {
    return new GenerationOptions(
        maxNewTokens, changed, stop, overflow, turn, logProbs, constraint, speculation);
  }

  /**
   * Changes what ends the text.
   *
   * @param rules in the place of {@link #stop}
   * @return otherwise equal options
   */
  public GenerationOptions withStop(StopRules rules) {
    return new GenerationOptions(
        maxNewTokens, sampling, rules, overflow, turn, logProbs, constraint, speculation);
  }

  /**
   * Changes when the generation gets its turn.
   *
   * @param other in the place of {@link #turn}
   * @return otherwise equal options
   */
  public GenerationOptions withTurn(Turn other) {
    return new GenerationOptions(
        maxNewTokens, sampling, stop, overflow, other, logProbs, constraint, speculation);
  }

  /**
   * With another treatment of long prompts.
   *
   * @param treatment the new {@link #overflow}
   * @return changed options
   */
  public GenerationOptions withOverflow(PromptOverflow treatment) {
    return new GenerationOptions(
        maxNewTokens, sampling, stop, treatment, turn, logProbs, constraint, speculation);
  }

  /**
   * With another constraint.
   *
   * @param text what the text must be
   * @return changed options
   */
  public GenerationOptions withConstraint(Constraint text) {
    Objects.requireNonNull(text, "constraint");
    return new GenerationOptions(
        maxNewTokens, sampling, stop, overflow, turn, logProbs, Optional.of(text), speculation);
  }

  /**
   * Changes which log-probabilities are reported.
   *
   * @param top in the place of {@link #logProbs}
   * @return otherwise equal options
   */
  public GenerationOptions withLogProbs(int top) {
    return new GenerationOptions(
        maxNewTokens, sampling, stop, overflow, turn, OptionalInt.of(top), constraint, speculation);
  }

  /**
   * With another way to guess ahead.
   *
   * @param other the new {@link #speculation}
   * @return changed options
   */
  public GenerationOptions withSpeculation(SpeculationOptions other) {
    return new GenerationOptions(
        maxNewTokens, sampling, stop, overflow, turn, logProbs, constraint, other);
  }
}
