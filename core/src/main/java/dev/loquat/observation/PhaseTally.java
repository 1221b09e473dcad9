package dev.loquat.observation;

import java.time.Duration;

/**
 * Adds up the steps of one phase.
 *
 * <p>Not thread-safe.
 */
final class PhaseTally {
  private final LatencyHistogram steps = new LatencyHistogram();
  private long tokens;
  private Duration total = Duration.ZERO;
  private Duration device = Duration.ZERO;

  void add(StepReport step, int stepTokens) {
    steps.add(step.duration().toNanos());
    tokens += stepTokens;
    total = total.plus(step.duration());
    device = device.plus(step.deviceTime().duration());
  }

  PhaseLatency latency() {
    LatencyPercentiles step = steps.percentiles();
    return new PhaseLatency(step.count(), tokens, total, device, step);
  }
}
