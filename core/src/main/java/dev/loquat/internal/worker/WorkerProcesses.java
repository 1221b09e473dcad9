package dev.loquat.internal.worker;

import dev.loquat.error.WorkerException;
import dev.loquat.internal.engine.Interruptions;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers' processes; may keep one waiting that has loaded its classes and native libraries
 * but no model, so that the place of one that ends is sooner taken.
 *
 * <p>Safe for use by several threads.
 */
public final class WorkerProcesses implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(WorkerProcesses.class.getName());
  private static final String SPARE = "loquat-spare";

  /** A process that makes ready has two seconds of a processor's time to go, or less. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  /** Then it has been ended by force. */
  private static final Duration GONE_PATIENCE = END_PATIENCE.multipliedBy(2);

  private final WorkerCommand command;
  private @Nullable Thread starting;
  private @Nullable WorkerProcess spare;

  /** Whether somebody waits for the one that is being started to wait. */
  private boolean isPromised;

  private boolean isClosed;

  /**
   * Creates them; starts nothing.
   *
   * @param command how a process is started
   */
  public WorkerProcesses(WorkerCommand command) {
    this.command = command;
  }

  /**
   * The process that waits, or is being started to wait and was promised to nobody, or a new one.
   *
   * @param name what messages call it
   * @throws WorkerException if none waits, and none can be started
   */
  WorkerProcess next(String name) {
    Optional<WorkerProcess> waiting = promise() ? awaitSpare() : Optional.empty();
    waiting.ifPresent(process -> process.rename(name));
    return waiting.orElseGet(
        () -> WorkerProcess.start(command, name, WorkerProcess.CONNECT_PATIENCE));
  }

  /** Two don't wait for one: the second would start late what it has to start in any case. */
  private synchronized boolean promise() {
    boolean isFirst = !isPromised;
    isPromised = true;
    return isFirst;
  }

  /** An interrupt ends the wait, and stays set, so that one that is started then is ended, too. */
  private Optional<WorkerProcess> awaitSpare() {
    Thread thread;
    synchronized (this) {
      thread = starting;
    }
    try {
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return takeSpare();
  }

  private synchronized Optional<WorkerProcess> takeSpare() {
    isPromised = false;
    if (isClosed) {
      return Optional.empty();
    }
    WorkerProcess waiting = spare;
    spare = null;
    if (waiting != null && !waiting.isAlive()) {
      waiting.destroy();
      return Optional.empty();
    }
    return Optional.ofNullable(waiting);
  }

  /**
   * Begins to start a process that waits, unless there is one then or these are closed. Where it
   * can't be started, the next replica that ends has to do without. Does not wait.
   *
   * @param terms what it will probably load
   * @param wait how long from now that begins; one that ends before has to do without, too
   */
  public void keepSpare(WorkerTerms terms, Duration wait) {
    CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS)
        .execute(() -> beginSpare(terms));
  }

  private synchronized void beginSpare(WorkerTerms terms) {
    if (isClosed || spare != null || starting != null) {
      return;
    }
    Thread thread = new Thread(() -> startSpare(terms), SPARE + "-start");
    thread.setDaemon(true);
    thread.start();
    starting = thread;
  }

  private void startSpare(WorkerTerms terms) {
    WorkerProcess started = null;
    try {
      started = WorkerProcess.start(command, SPARE, WorkerProcess.CONNECT_PATIENCE);
      started.connection().send(new ToWorker.Prepare(terms));
    } catch (WorkerException e) {
      LOGGER.log(Logger.Level.DEBUG, "No process waits to take the place of another", e);
    } finally {
      keep(started);
    }
  }

  /** Who closes waits for this thread, and so for the end of a process that nobody wants. */
  private void keep(@Nullable WorkerProcess started) {
    if (!isKept(started) && started != null) {
      Process unused = started.release(END_PATIENCE).join();
    }
  }

  private synchronized boolean isKept(@Nullable WorkerProcess started) {
    if (!isClosed) {
      starting = null;
      spare = started;
    }
    return !isClosed;
  }

  /** Ends the process that waits, without waiting for it, and keeps none any more. */
  public synchronized void requestClose() {
    isClosed = true;
    if (starting != null) {
      starting.interrupt();
    }
    if (spare != null) {
      var unused = spare.release(END_PATIENCE);
    }
  }

  /**
   * Ends the process that waits, and keeps none any more. Waits until it has gone, which it does
   * once it has made ready. A second call does nothing.
   */
  @Override
  public void close() {
    requestClose();
    Thread thread;
    WorkerProcess waiting;
    synchronized (this) {
      thread = starting;
      waiting = spare;
    }
    if (thread != null) {
      boolean unused = Interruptions.join(thread, GONE_PATIENCE);
    }
    if (waiting != null) {
      Process unused = waiting.release(END_PATIENCE).join();
    }
  }
}
