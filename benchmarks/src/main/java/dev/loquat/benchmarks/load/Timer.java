package dev.loquat.benchmarks.load;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Cancels calls that cannot count their own pieces, after a time. */
final class Timer {
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final long longestNanos;

  /** Creates it with the time of the cancel point 1. */
  Timer(long longestNanos) {
    this.longestNanos = longestNanos;
  }

  /** Does something at a point, unless it is silenced before. */
  Alarm after(Optional<Double> point, Runnable action) {
    return new Alarm(point, action);
  }

  /** Interrupts this thread at a point, never once it is silenced. */
  Alarm interruptCaller(Optional<Double> point) {
    return after(point, Thread.currentThread()::interrupt);
  }

  /** Drops actions to come, and returns when the last is over. */
  void stop() throws InterruptedException {
    scheduler.shutdownNow();
    boolean unused = scheduler.awaitTermination(1, TimeUnit.MINUTES);
  }

  /** An action to come. */
  final class Alarm {
    private final ReentrantLock lock = new ReentrantLock();
    private final Optional<ScheduledFuture<?>> scheduled;
    private boolean isOver;

    private Alarm(Optional<Double> point, Runnable action) {
      scheduled =
          point.map(
              part ->
                  scheduler.schedule(
                      () -> ring(action), (long) (part * longestNanos), TimeUnit.NANOSECONDS));
    }

    private void ring(Runnable action) {
      lock.lock();
      try {
        if (!isOver) {
          action.run();
        }
      } finally {
        lock.unlock();
      }
    }

    /** An interrupt that came too late for the call does not outlive it. */
    void silence() {
      lock.lock();
      try {
        isOver = true;
      } finally {
        lock.unlock();
      }
      scheduled.ifPresent(action -> action.cancel(false));
      if (scheduled.isPresent()) {
        Thread.interrupted();
      }
    }
  }
}
