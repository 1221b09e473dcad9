package dev.loquat.internal.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.GenerationTimings;
import dev.loquat.generation.Turn;
import dev.loquat.observation.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request's way through the engine: its place, its time, its failure, and the channel to its
 * reader.
 */
final class Submission {
  /** A step of a large model on a busy processor may take nearly as long. */
  private static final long LEAST_PATIENCE = Duration.ofSeconds(20).toNanos();

  private final Turn turn;
  private final GenerationClock clock;
  private final Runnable place;
  private final EventChannel events = new EventChannel();
  private boolean hasPlace = true;
  private Runnable beforeEnd = () -> {};
  private @Nullable LoquatException failure;

  /** Creates it; the place is called back when it is left. */
  Submission(Turn turn, GenerationClock clock, Runnable place) {
    this.turn = turn;
    this.clock = clock;
    this.place = place;
  }

  EventChannel events() {
    return events;
  }

  int priority() {
    return turn.priority();
  }

  /** Notes that a step computes for it. */
  void start() {
    clock.start();
    events.start();
  }

  /** Whether a step ever computed for it. */
  boolean hasStarted() {
    return clock.hasStarted();
  }

  /** Notes a new token. */
  void token() {
    clock.token();
  }

  Durations interToken() {
    return clock.interToken();
  }

  GenerationTimings timings(int newTokens) {
    return clock.timings(newTokens);
  }

  /** How long ago it was submitted. */
  long elapsedNanos() {
    return clock.elapsed();
  }

  /** How long it is still wanted; not above 0 once its timeout is over. */
  long nanosLeft() {
    return turn.timeout()
        .map(timeout -> NANOSECONDS.convert(timeout) - clock.elapsed())
        .orElse(Long.MAX_VALUE);
  }

  /** When its timeout is over, on the clock's scale; empty without one. */
  Optional<Long> deadline() {
    return turn.timeout().map(timeout -> clock.after(NANOSECONDS.convert(timeout)));
  }

  /** Notes why it failed; the first reason counts. */
  void fail(LoquatException cause) {
    failure = failure == null ? cause : failure;
  }

  /** Releases the reader; safe for any thread, and without effect once it was told an end. */
  void abandon(LoquatException cause) {
    events.end(new GenerationEvent.Failed(cause));
  }

  /** Releases the reader if the engine has not, a while after the timeout was over. */
  void watchTimeout() {
    turn.timeout().ifPresent(this::watch);
  }

  boolean isFailed() {
    return failure != null;
  }

  /** It never had a place. */
  void forgoPlace() {
    hasPlace = false;
  }

  /** Has something done once, just before the reader is told the end. */
  void beforeEnd(Runnable action) {
    beforeEnd = action;
  }

  /** Tells the reader how it ended: with the failure, if there was one. */
  void end(Supplier<GenerationEvent> event) {
    leavePlace();
    GenerationEvent end = failure == null ? event.get() : new GenerationEvent.Failed(failure);
    Runnable first = beforeEnd;
    beforeEnd = () -> {};
    first.run();
    events.end(end);
  }

  private void watch(Duration timeout) {
    long patience = Math.max(LEAST_PATIENCE, NANOSECONDS.convert(timeout));
    long left = nanosLeft();
    var unused =
        events
            .ended()
            .copy()
            .orTimeout(left > Long.MAX_VALUE - patience ? left : left + patience, NANOSECONDS)
            .exceptionallyAsync(
                late -> {
                  abandon(stuck(timeout));
                  return null;
                });
  }

  private static BackendException stuck(Duration timeout) {
    return new BackendException(
        "The timeout of "
            + timeout
            + " is long over and the backend has not come back from its step. If its steps are slow,"
            + " raise the timeout or lower stepTokens; if it hangs, close the model and load it"
            + " again.");
  }

  private void leavePlace() {
    if (hasPlace) {
      hasPlace = false;
      place.run();
    }
  }
}
