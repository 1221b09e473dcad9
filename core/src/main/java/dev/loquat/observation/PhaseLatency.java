package dev.loquat.observation;

import java.time.Duration;
import java.util.Objects;

/**
 * The steps of one phase together.
 *
 * @param steps how many
 * @param tokens the tokens of prompts that they computed, and new tokens where sequences decoded
 * @param total the time of all, from each one's plan to its last token and the guesses at what
 *     follows
 * @param device the part of it that the device computed
 * @param step the times of single steps
 */
public record PhaseLatency(
    long steps, long tokens, Duration total, Duration device, LatencyPercentiles step) {

  /** Checks for nulls. */
  public PhaseLatency {
    Objects.requireNonNull(total, "total");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(step, "step");
  }

  /**
   * The part of the time that the device did not compute: planning, sampling, detokenizing,
   * publishing and guessing, a draft model's own steps included.
   *
   * @return zero or more
   */
  public Duration host() {
    Duration rest = total.minus(device);
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  /**
   * The host's part of the time.
   *
   * @return 0 to 1; 0 if there were no steps
   */
  public double hostShare() {
    return total.isZero() ? 0 : (double) host().toNanos() / total.toNanos();
  }

  /**
   * The rate of all sequences together.
   *
   * @return tokens a second; 0 if there were no steps
   */
  public double tokensPerSecond() {
    return total.isZero() ? 0 : tokens * 1e9 / total.toNanos();
  }
}
