package dev.loquat.internal.worker;

import dev.loquat.error.WorkerException;
import dev.loquat.internal.engine.Interruptions;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
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
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final WorkerCommand command;
  private @Nullable Thread starting;
  private @Nullable WorkerProcess spare;
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
   * The process that waits, or is being started to wait, or a new one.
   *
   * @param name what messages call it
   * @throws WorkerException if none waits, and none can be started
   */
  WorkerProcess next(String name) {
    awaitSpare();
    return takeSpare()
        .orElseGet(() -> WorkerProcess.start(command, name, WorkerProcess.CONNECT_PATIENCE));
  }

  /** An interrupt ends the wait, and stays set, so that no other process is started either. */
  private void awaitSpare() {
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
  }

  private synchronized Optional<WorkerProcess> takeSpare() {
    WorkerProcess waiting = spare;
    spare = null;
    if (waiting != null && waiting.await(Duration.ZERO)) {
      waiting.destroy();
      return Optional.empty();
    }
    return Optional.ofNullable(waiting);
  }

  /**
   * Begins to start a process that waits, unless there is one or these are closed. Where it can't
   * be started, the next replica that ends has to do without.
   *
   * @param terms what it will probably load
   */
  public synchronized void keepSpare(WorkerTerms terms) {
    if (isClosed || spare != null || starting != null) {
      return;
    }
    Thread thread = new Thread(() -> startSpare(terms), SPARE + "-start");
    thread.setDaemon(true);
    starting = thread;
    thread.start();
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

  private synchronized void keep(@Nullable WorkerProcess started) {
    starting = null;
    if (isClosed && started != null) {
      started.destroy();
    } else {
      spare = started;
    }
  }

  /** Ends the process that waits, and keeps none any more. A second call does nothing. */
  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      isClosed = true;
      thread = starting;
    }
    if (thread != null) {
      thread.interrupt();
      boolean unused = Interruptions.join(thread, END_PATIENCE);
    }
    takeSpare().ifPresent(WorkerProcesses::end);
  }

  private static void end(WorkerProcess process) {
    process.destroy();
    boolean unused = process.await(END_PATIENCE);
  }
}
