package dev.loquat.internal.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

  private final WorkerProcess process;
  private final BooleanSupplier hasEnded;
  private final AtomicInteger unanswered = new AtomicInteger();

  /** Creates it; it stops once the process has ended. */
  Heartbeat(WorkerProcess process, BooleanSupplier hasEnded) {
    this.process = process;
    this.hasEnded = hasEnded;
  }

  /** The process has told something. */
  void heard() {
    unanswered.set(0);
  }

  void start() {
    CompletableFuture.delayedExecutor(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::beat);
  }

  private void beat() {
    if (hasEnded.getAsBoolean()) {
      return;
    }
    if (unanswered.getAndIncrement() >= MOST_UNANSWERED) {
      process.destroy();
    } else {
      process.connection().send(new ToWorker.Ping());
      start();
    }
  }
}
