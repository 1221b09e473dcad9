package dev.loquat.internal.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Asks a process for a sign of life from time to time, and ends one that has told nothing though it
 * was asked {@link #MOST_UNANSWERED} times.
 *
 * <p>Safe for use by several threads. Owns neither the process nor a thread.
 */
final class Heartbeat {
  /** Half a minute: longer than any pause of a JVM that is of use yet. */
  static final int MOST_UNANSWERED = 6;

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Runnable ask;
  private final Runnable end;
  private final BooleanSupplier hasEnded;
  private final Executor later;
  private final AtomicInteger unanswered = new AtomicInteger();

  /**
   * Creates one that stops once the process has ended.
   *
   * @param ask asks the process
   * @param end ends it
   * @param hasEnded whether it has ended
   * @param later runs what comes after the time between two questions
   */
  Heartbeat(Runnable ask, Runnable end, BooleanSupplier hasEnded, Executor later) {
    this.ask = ask;
    this.end = end;
    this.hasEnded = hasEnded;
    this.later = later;
  }

  /** That of a process, asked every few seconds. */
  static Heartbeat of(WorkerProcess process, BooleanSupplier hasEnded) {
    return new Heartbeat(
        () -> process.connection().send(new ToWorker.Ping()),
        process::destroy,
        hasEnded,
        CompletableFuture.delayedExecutor(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** The process has told something. */
  void heard() {
    unanswered.set(0);
  }

  void start() {
    later.execute(this::beat);
  }

  private void beat() {
    if (hasEnded.getAsBoolean()) {
      return;
    }
    if (unanswered.getAndIncrement() >= MOST_UNANSWERED) {
      end.run();
    } else {
      ask.run();
      start();
    }
  }
}
