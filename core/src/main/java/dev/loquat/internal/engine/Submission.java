package dev.loquat.internal.engine;

import dev.loquat.error.LoquatException;
import dev.loquat.generation.GenerationTimings;
import dev.loquat.generation.Turn;
import dev.loquat.observation.Percentiles;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request's way through the engine: its place in the queue, its time, its failure, and the
 * channel to its reader.
 */
final class Submission {
  private final Turn turn;
  private final GenerationClock clock;
  private final Runnable place;
  private final EventChannel events = new EventChannel();
  private boolean isQueued = true;
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

  /** Notes that a step computes for it. */
  void start() {
    clock.start();
    leaveQueue();
  }

  /** Notes a new token. */
  void token() {
    clock.token();
  }

  Percentiles interToken() {
    return clock.interToken();
  }

  GenerationTimings timings(int newTokens) {
    return clock.timings(newTokens);
  }

  /** How long it is still wanted; not above 0 once its timeout is over. */
  long nanosLeft() {
    return turn.timeout()
        .map(timeout -> TimeUnit.NANOSECONDS.convert(timeout) - clock.elapsed())
        .orElse(Long.MAX_VALUE);
  }

  /** When its timeout is over, on the clock's scale; empty without one. */
  Optional<Long> deadline() {
    return turn.timeout().map(timeout -> clock.after(TimeUnit.NANOSECONDS.convert(timeout)));
  }

  void fail(LoquatException cause) {
    failure = cause;
  }

  boolean isFailed() {
    return failure != null;
  }

  /** It never had a place. */
  void forgoPlace() {
    isQueued = false;
  }

  /** Tells the reader how it ended: with the failure, if there was one. */
  void end(GenerationEvent event) {
    leaveQueue();
    events.add(failure == null ? event : new GenerationEvent.Failed(failure));
  }

  private void leaveQueue() {
    if (isQueued) {
      isQueued = false;
      place.run();
    }
  }
}
