package dev.loquat.observation;

import java.time.Duration;
import java.util.Locale;

/** Prints a report of latency as text. */
final class LatencyTable {
  /** What stands where there was nothing to measure. */
  private static final String NOTHING = "-";

  private static final String TIMES = "%-12s %8s %10s %10s %10s %10s %10s";
  private static final String PHASE = "%-12s %8s %10s %10s %10s %10s %10s %10s %7s";

  private LatencyTable() {}

  static String print(LatencyReport report) {
    return String.join(
        "\n",
        row(TIMES, "ms", "count", "mean", "p50", "p90", "p99", "max"),
        times("first token", report.timeToFirstToken()),
        times("inter-token", report.interToken()),
        times("prefill step", report.prefill().step()),
        times("decode step", report.decode().step()),
        times("mixed step", report.mixed().step()),
        row(
            PHASE,
            "steps",
            "count",
            "tokens",
            "tokens/s",
            "total ms",
            "device ms",
            "host ms",
            "host/step",
            "host %"),
        phase("prefill", report.prefill()),
        phase("decode", report.decode()),
        phase("mixed", report.mixed()),
        closing(report));
  }

  private static String times(String name, LatencyPercentiles times) {
    return times.count() == 0
        ? row(TIMES, name, 0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
        : row(
            TIMES,
            name,
            times.count(),
            millis(times.mean()),
            millis(times.p50()),
            millis(times.p90()),
            millis(times.p99()),
            millis(times.max()));
  }

  private static String phase(String name, PhaseLatency phase) {
    return phase.steps() == 0
        ? row(PHASE, name, 0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
        : row(
            PHASE,
            name,
            phase.steps(),
            phase.tokens(),
            decimals(1, phase.tokensPerSecond()),
            millis(phase.total()),
            millis(phase.device()),
            millis(phase.host()),
            millis(phase.host().dividedBy(phase.steps())),
            decimals(1, 100 * phase.hostShare()));
  }

  private static String closing(LatencyReport report) {
    String clock =
        report.deviceClock() == DeviceClock.EVENTS
            ? "the device's own events"
            : "a monotonic clock around the backend's calls";
    return "device time by "
        + clock
        + "; left out as warm-up: "
        + report.excludedGenerations()
        + " generations, "
        + report.excludedSteps()
        + " steps";
  }

  private static String millis(Duration time) {
    return decimals(3, time.toNanos() / 1e6);
  }

  private static String decimals(int digits, double number) {
    return String.format(Locale.ROOT, "%." + digits + "f", number);
  }

  private static String row(String format, Object... cells) {
    return String.format(Locale.ROOT, format, cells);
  }
}
