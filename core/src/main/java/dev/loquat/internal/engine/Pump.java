package dev.loquat.internal.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Work that is done once more after every signal, on an executor, by one thread at a time.
 *
 * <p>Safe for use by several threads; a signal never waits.
 */
public final class Pump {
  private final Executor executor;
  private final Runnable work;
  private final Consumer<RejectedExecutionException> rejected;
  private final AtomicInteger signals = new AtomicInteger();

  /**
   * Creates it.
   *
   * @param executor where the work is done
   * @param work takes all there is to take; must not throw
   * @param rejected called by the thread that signals if the executor refuses
   */
  public Pump(Executor executor, Runnable work, Consumer<RejectedExecutionException> rejected) {
    this.executor = executor;
    this.work = work;
    this.rejected = rejected;
  }

  /** Asks for the work; those that come while it is done are done together. */
  public void signal() {
    if (signals.getAndIncrement() == 0) {
      try {
        executor.execute(this::run);
      } catch (RejectedExecutionException e) {
        rejected.accept(e);
      }
    }
  }

  private void run() {
    int seen = signals.get();
    while (seen != 0) {
      work.run();
      seen = signals.addAndGet(-seen);
    }
  }
}
