package dev.loquat.memory;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads a model's memory at an interval, on one daemon thread of its own, named {@code
 * loquat-memory-watch}. It ends when it is closed, when the model is, or when its listener throws,
 * which is logged. Safe for use by several threads.
 */
public final class MemoryWatch implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(MemoryWatch.class.getName());
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final long intervalNanos;
  private final Supplier<MemoryReading> source;
  private final Consumer<MemoryReading> listener;
  private final Consumer<MemoryWatch> onEnd;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "loquat-memory-watch");

  MemoryWatch(
      Duration interval,
      Supplier<MemoryReading> source,
      Consumer<MemoryReading> listener,
      Consumer<MemoryWatch> onEnd) {
    if (interval.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("interval is " + interval + "; expected 1 ms or more");
    }
    this.intervalNanos = TimeUnit.NANOSECONDS.convert(interval);
    this.source = source;
    this.listener = Objects.requireNonNull(listener, "listener");
    this.onEnd = onEnd;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Has the thread end, without waiting for it. */
  void end() {
    ended.countDown();
  }

  /**
   * Ends the watch and waits for its thread, so that the listener is not called any more. On that
   * thread itself nothing is waited for. A second call does nothing.
   */
  @Override
  public void close() {
    end();
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      do {
        listener.accept(source.get());
      } while (!ended.await(intervalNanos, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      LOGGER.log(Logger.Level.DEBUG, "A memory watch was interrupted and ends", e);
    } catch (RuntimeException | Error e) {
      LOGGER.log(
          Logger.Level.ERROR, "A memory watch's listener failed; it is told nothing more", e);
    } finally {
      onEnd.accept(this);
    }
  }
}
