package dev.loquat.internal.engine;

import dev.loquat.generation.GenerationTimings;
import dev.loquat.observation.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The times of one generation, in nanoseconds of a monotonic clock.
 *
 * <p>Not thread-safe: owned by the engine thread once the request was submitted.
 */
final class GenerationClock {
  private static final long NOT_YET = Long.MIN_VALUE;

  private final LongSupplier nanoClock;
  private final Duration load;
  private final long submitted;
  private long started = NOT_YET;
  private long firstToken = NOT_YET;
  private long lastToken = NOT_YET;
  private long[] gaps = new long[16];
  private int gapCount;

  GenerationClock(LongSupplier nanoClock, Duration load, long submitted) {
    this.nanoClock = nanoClock;
    this.load = load;
    this.submitted = submitted;
  }

  /** Notes the first step; later calls do nothing. */
  void start() {
    if (started == NOT_YET) {
      started = nanoClock.getAsLong();
    }
  }

  boolean hasStarted() {
    return started != NOT_YET;
  }

  /** The nanoseconds since it was submitted. */
  long elapsed() {
    return nanoClock.getAsLong() - submitted;
  }

  /** The time so many nanoseconds after it was submitted, or the last there is. */
  long after(long nanos) {
    long time = submitted + nanos;
    return time < submitted ? Long.MAX_VALUE : time;
  }

  /** Notes a new token. */
  void token() {
    long now = nanoClock.getAsLong();
    if (firstToken == NOT_YET) {
      firstToken = now;
    } else {
      note(now - lastToken);
    }
    lastToken = now;
  }

  /** The times from one token to the next. */
  Durations interToken() {
    return Durations.of(Arrays.copyOf(gaps, gapCount));
  }

  /** The times up to now; a wait that is not over counts up to now. */
  GenerationTimings timings(int newTokens) {
    long now = nanoClock.getAsLong();
    return new GenerationTimings(
        load, since(started, now), timeToFirstToken(), since(now, now), newTokens);
  }

  private Optional<Duration> timeToFirstToken() {
    return firstToken == NOT_YET
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(firstToken - submitted));
  }

  private void note(long gap) {
    if (gapCount == gaps.length) {
      gaps = Arrays.copyOf(gaps, 2 * gapCount);
    }
    gaps[gapCount++] = gap;
  }

  private Duration since(long time, long now) {
    return Duration.ofNanos((time == NOT_YET ? now : time) - submitted);
  }
}
