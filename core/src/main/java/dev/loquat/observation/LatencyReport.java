package dev.loquat.observation;

import java.util.Objects;

/**
 * How fast a model answered since it was warm. Immutable.
 *
 * <p>A step counts as prefill if it computed tokens of prompts only, as decode if it computed none,
 * as mixed if both. Failed steps and generations don't count, and neither does what began before
 * the measurement did.
 *
 * @param deviceClock what measured the device's time; {@link DeviceClock#MONOTONIC} unless every
 *     step was measured by the device's own events
 * @param excludedGenerations the generations left out because they began in the warm-up
 * @param excludedSteps the steps left out because they began in the warm-up
 * @param generations those that count
 * @param timeToFirstToken from a generation's submission to its first token, the wait for a slot
 *     included
 * @param interToken the times from one token of a generation to its next
 * @param prefill the steps that only prefilled
 * @param decode the steps that only decoded
 * @param mixed the steps that did both
 */
public record LatencyReport(
    DeviceClock deviceClock,
    long excludedGenerations,
    long excludedSteps,
    long generations,
    LatencyPercentiles timeToFirstToken,
    LatencyPercentiles interToken,
    PhaseLatency prefill,
    PhaseLatency decode,
    PhaseLatency mixed) {

  /** Checks for nulls. */
  public LatencyReport {
    Objects.requireNonNull(deviceClock, "deviceClock");
    Objects.requireNonNull(timeToFirstToken, "timeToFirstToken");
    Objects.requireNonNull(interToken, "interToken");
    Objects.requireNonNull(prefill, "prefill");
    Objects.requireNonNull(decode, "decode");
    Objects.requireNonNull(mixed, "mixed");
  }

  /**
   * Prints the report as a table of fixed-width text, times in milliseconds.
   *
   * @return lines separated by {@code \n}, the last without one
   */
  public String table() {
    return LatencyTable.print(this);
  }

  /**
   * Prints the report as a JSON object, with a member for each component, times in seconds, and
   * each phase's {@code tokensPerSecond}, {@code hostSeconds} and {@code hostShare}. Counts are
   * always numbers; times, rates and shares are null where their count is 0, since nothing was
   * measured.
   *
   * @return one line
   */
  public String json() {
    return LatencyJson.print(this);
  }
}
