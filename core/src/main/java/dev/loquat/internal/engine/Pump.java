package dev.loquat.internal.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Work that is done once more after every signal, on an executor, by one thread at a time. What the
 * executor refuses is done elsewhere.
 *
 * <p>Safe for use by several threads; a signal never waits.
 */
public final class Pump {
  private final Executor executor;
  private final Executor fallback;
  private final Runnable work;
  private final Consumer<Throwable> refused;
  private final AtomicInteger signals = new AtomicInteger();

  /**
   * Creates it.
   *
   * @param executor where the work is done
   * @param fallback where it is done when that throws; on the thread that signals if this throws,
   *     too
   * @param work takes all there is to take; must not throw
   * @param refused called by the thread that signals if the executor throws, whatever it throws,
   *     before the work: what the caller's executor can't do must not end the engine
   */
  public Pump(Executor executor, Executor fallback, Runnable work, Consumer<Throwable> refused) {
    this.executor = executor;
    this.fallback = fallback;
    this.work = work;
    this.refused = refused;
  }

  /** Asks for the work; those that come while it is done are done together. */
  public void signal() {
    if (signals.getAndIncrement() == 0) {
      try {
        executor.execute(this::run);
      } catch (RuntimeException | Error e) {
        refused.accept(e);
        runElsewhere();
      }
    }
  }

  private void runElsewhere() {
    try {
      fallback.execute(this::run);
    } catch (RuntimeException | Error e) { // No thread to be had: better here than never.
      run();
    }
  }

  /** Ends for good if the work throws, which goes to whoever looks after the executor's threads. */
  private void run() {
    int seen = signals.get();
    while (seen != 0) {
      work.run();
      seen = signals.addAndGet(-seen);
    }
  }
}
