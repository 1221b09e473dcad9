package dev.loquat.generation;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How the next token is chosen from the logits. What is set applies in transformers' order: bias,
 * penalties, the other token rules, the caller's processors, temperature, truncation, the draw.
 *
 * <p>Immutable, if its processors are.
 *
 * @param temperature what logits are divided by; 0 takes the likeliest token (greedy) and leaves
 *     truncation and seed without effect, 1 samples from the model's own distribution
 * @param truncation which tokens are left to draw from
 * @param penalties what makes repetition less likely
 * @param tokens tokens that are favoured, forbidden or fixed
 * @param processors the caller's own changes of the logits, first to last
 * @param seed starts the random numbers; empty for a seed that differs every time
 */
public record SamplingOptions(
    double temperature,
    Truncation truncation,
    Penalties penalties,
    TokenRules tokens,
    List<LogitsProcessor> processors,
    OptionalLong seed) {

  /** Copies the processors and checks the range of the temperature. */
  public SamplingOptions {
    Objects.requireNonNull(truncation, "truncation");
    Objects.requireNonNull(penalties, "penalties");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(seed, "seed");
    processors = List.copyOf(processors);
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature is " + temperature + "; expected 0 (greedy) or a finite number above");
    }
  }

  /**
   * Always the likeliest token.
   *
   * @return temperature 0, nothing else set
   */
  public static SamplingOptions greedy() {
    return multinomial().withTemperature(0);
  }

  /**
   * Draws from the model's own distribution.
   *
   * @return temperature 1, nothing else set
   */
  public static SamplingOptions multinomial() {
    return new SamplingOptions(
        1, Truncation.none(), Penalties.none(), TokenRules.none(), List.of(), OptionalLong.empty());
  }

  /**
   * With another temperature.
   *
   * @param divisor the new {@link #temperature}
   * @return changed options
   */
  public SamplingOptions withTemperature(double divisor) {
    return new SamplingOptions(divisor, truncation, penalties, tokens, processors, seed);
  }

  /**
   * With another truncation.
   *
   * @param kept the new {@link #truncation}
   * @return changed options
   */
  public SamplingOptions withTruncation(Truncation kept) {
    return new SamplingOptions(temperature, kept, penalties, tokens, processors, seed);
  }

  /**
   * With other penalties.
   *
   * @param changed the new {@link #penalties}
   * @return changed options
   */
  public SamplingOptions withPenalties(Penalties changed) {
    return new SamplingOptions(temperature, truncation, changed, tokens, processors, seed);
  }

  /**
   * With other rules for tokens.
   *
   * @param rules the new {@link #tokens}
   * @return changed options
   */
  public SamplingOptions withTokens(TokenRules rules) {
    return new SamplingOptions(temperature, truncation, penalties, rules, processors, seed);
  }

  /**
   * With other processors.
   *
   * @param list the new {@link #processors}
   * @return changed options
   */
  public SamplingOptions withProcessors(List<LogitsProcessor> list) {
    return new SamplingOptions(temperature, truncation, penalties, tokens, list, seed);
  }

  /**
   * With a seed.
   *
   * @param number the new {@link #seed}
   * @return changed options
   */
  public SamplingOptions withSeed(long number) {
    return new SamplingOptions(
        temperature, truncation, penalties, tokens, processors, OptionalLong.of(number));
  }
}
