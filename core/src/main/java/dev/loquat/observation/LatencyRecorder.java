package dev.loquat.observation;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Makes a {@link LatencyReport} of what an engine tells.
 *
 * <p>The warm-up, in which native libraries allocate and the JVM compiles, lasts until the first
 * generation has come to its end. What began before is left out, be it a step or another
 * generation.
 *
 * <p>Safe for use by several threads. Takes less than 300 KB, however long it listens.
 */
public final class LatencyRecorder implements EngineListener {
  private final LongSupplier nanoClock;
  private boolean isWarm;
  private long since;
  private Tally tally = new Tally();

  /**
   * Creates it; the warm-up begins.
   *
   * @param nanoClock the engine's clock, in nanoseconds
   */
  public LatencyRecorder(LongSupplier nanoClock) {
    this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
  }

  @Override
  public synchronized void onStep(StepReport step) {
    if (step.failed()) {
      return;
    }
    if (counts(step.duration())) {
      tally.add(step);
    } else {
      tally.excludedSteps++;
    }
  }

  @Override
  public synchronized void onGeneration(GenerationReport generation) {
    if (generation.failed()) {
      return;
    }
    if (counts(generation.total())) {
      tally.add(generation);
      return;
    }
    tally.excludedGenerations++;
    if (!isWarm && hasComputed(generation)) {
      begin();
    }
  }

  /**
   * What was measured up to now.
   *
   * @return the report
   */
  public synchronized LatencyReport report() {
    return tally.report();
  }

  /** Forgets what was measured and begins anew, without a warm-up. */
  public synchronized void reset() {
    tally = new Tally();
    begin();
  }

  private void begin() {
    isWarm = true;
    since = nanoClock.getAsLong();
  }

  /** Whether what ends now, after so long, began in time. */
  private boolean counts(Duration taken) {
    return isWarm && nanoClock.getAsLong() - since >= taken.toNanos();
  }

  /** What was cancelled while it waited has warmed nothing. */
  private static boolean hasComputed(GenerationReport generation) {
    return generation.newTokens() > 0 || generation.finishReason().isEmpty();
  }

  /** What was measured since the warm-up. */
  private static final class Tally {
    private final LatencyHistogram firstTokens = new LatencyHistogram();
    private final LatencyHistogram interTokens = new LatencyHistogram();
    private final PhaseTally prefill = new PhaseTally();
    private final PhaseTally decode = new PhaseTally();
    private final PhaseTally mixed = new PhaseTally();
    private long generations;
    private long excludedGenerations;
    private long excludedSteps;
    private long steps;
    private long stepsByEvents;

    private void add(StepReport step) {
      steps++;
      stepsByEvents += step.deviceTime().clock() == DeviceClock.EVENTS ? 1 : 0;
      if (step.prefillTokens() == 0) {
        decode.add(step, step.newTokens());
      } else if (step.decodeTokens() == 0) {
        prefill.add(step, step.prefillTokens());
      } else {
        mixed.add(step, step.prefillTokens() + step.newTokens());
      }
    }

    private void add(GenerationReport generation) {
      generations++;
      generation.timeToFirstToken().ifPresent(time -> firstTokens.add(time.toNanos()));
      generation.interToken().nanos().forEach(interTokens::add);
    }

    private LatencyReport report() {
      boolean byEvents = steps > 0 && stepsByEvents == steps;
      return new LatencyReport(
          byEvents ? DeviceClock.EVENTS : DeviceClock.MONOTONIC,
          excludedGenerations,
          excludedSteps,
          generations,
          firstTokens.percentiles(),
          interTokens.percentiles(),
          prefill.latency(),
          decode.latency(),
          mixed.latency());
    }
  }
}
