package dev.loquat.internal.worker;

import dev.loquat.error.WorkerException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker's process and the line to it. */
final class WorkerProcess {
  /** A JVM connects within a second; on a machine that is short of everything it takes longer. */
  static final Duration CONNECT_PATIENCE = Duration.ofMinutes(1);

  private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

  private final Process process;
  private final WorkerOutput output;
  private final Connection<ToWorker, ToParent> connection;

  /** Comes to its end when the process has, and what it had left has been deleted. */
  private final CompletableFuture<Process> gone;

  private WorkerProcess(
      Process process,
      CompletableFuture<Process> gone,
      WorkerOutput output,
      Connection<ToWorker, ToParent> connection) {
    this.process = process;
    this.gone = gone;
    this.output = output;
    this.connection = connection;
  }

  /**
   * Starts a process and waits until it has connected.
   *
   * @param patience how long it may take for that
   * @throws WorkerException if it can't be started, ends before or does not connect; nothing is
   *     left of it then
   */
  static WorkerProcess start(WorkerCommand command, String name, Duration patience) {
    try {
      return start(WorkerFolder.create(), command, name, patience);
    } catch (IOException e) {
      throw new WorkerException(
          "The process of "
              + name
              + " could not be started: "
              + e
              + ". It needs java in "
              + System.getProperty("java.home")
              + " and a folder for a socket in "
              + System.getProperty("java.io.tmpdir")
              + ".",
          e);
    }
  }

  private static WorkerProcess start(
      WorkerFolder folder, WorkerCommand command, String name, Duration patience)
      throws IOException {
    boolean isLaunched = false;
    try (MeetingPlace place = MeetingPlace.open(folder.socket())) {
      Process process = launch(command, folder);
      isLaunched = true;
      CompletableFuture<Process> gone =
          process.onExit().whenComplete((ended, failure) -> folder.delete());
      boolean met = false;
      try {
        process.getOutputStream().close();
        WorkerProcess worker = meet(place, process, gone, name, patience);
        met = true;
        return worker;
      } finally {
        if (!met) {
          kill(process, gone);
        }
      }
    } finally {
      if (!isLaunched) {
        folder.delete();
      }
    }
  }

  /** Waits until it has gone, interrupted or not, but not for longer than its end can take. */
  private static void kill(Process process, CompletableFuture<Process> gone) {
    process.destroyForcibly();
    Process unused = within(gone, process, KILL_PATIENCE).join();
  }

  private static CompletableFuture<Process> within(
      CompletableFuture<Process> gone, Process process, Duration patience) {
    return gone.copy().completeOnTimeout(process, patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static Process launch(WorkerCommand command, WorkerFolder folder) throws IOException {
    return new ProcessBuilder(command.line(folder)).redirectErrorStream(true).start();
  }

  private static WorkerProcess meet(
      MeetingPlace place,
      Process process,
      CompletableFuture<Process> gone,
      String name,
      Duration patience)
      throws IOException {
    WorkerOutput output = new WorkerOutput(name, process.inputReader());
    Optional<SocketChannel> channel = place.await(process, patience);
    if (channel.isEmpty()) {
      throw process.isAlive() ? late(name, patience, output) : early(process, name, output);
    }
    return new WorkerProcess(
        process,
        gone,
        output,
        new Connection<>(channel.get(), ToWorker.class, ToParent.class, writerName(name)));
  }

  private static String writerName(String name) {
    return name + "-writer";
  }

  private static WorkerException early(Process process, String name, WorkerOutput output) {
    return new WorkerException(
        "The process of "
            + name
            + " ended with exit code "
            + process.exitValue()
            + " before it had connected; correct the jvmOptions of the replicas."
            + output.lastWords());
  }

  private static WorkerException late(String name, Duration patience, WorkerOutput output) {
    return new WorkerException(
        "The process of "
            + name
            + " has not connected within "
            + patience
            + " and was ended. Correct the jvmOptions of the replicas, or load fewer replicas at a"
            + " time."
            + output.lastWords());
  }

  /** Calls it something else from now on, in the log and its threads. */
  void rename(String name) {
    output.rename(name);
    connection.rename(writerName(name));
  }

  Connection<ToWorker, ToParent> connection() {
    return connection;
  }

  long pid() {
    return process.pid();
  }

  /** Whether it has not ended, as the system says at this moment. */
  boolean isAlive() {
    return process.toHandle().isAlive();
  }

  /** Waits until it has gone, at most so long; tells whether it has. */
  boolean await(Duration patience) {
    try {
      Process unused = gone.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The end of a process can always be waited for", e);
    }
  }

  /**
   * Ends the connection, whereupon the process ends once it has done what it does. One that is
   * there yet after so long is ended all the same. Does not wait.
   *
   * @return comes to its end when the process has gone
   */
  CompletableFuture<Process> release(Duration patience) {
    connection.close();
    return within(gone, process, patience)
        .thenCompose(late -> within(gone, late.destroyForcibly(), KILL_PATIENCE));
  }

  /** Ends it, whatever it does, and the connection. */
  void destroy() {
    process.destroyForcibly();
    connection.close();
  }

  /** Says how it ended, once it has. */
  String ending() {
    return process.isAlive() ? "does not answer" : "ended with exit code " + process.exitValue();
  }

  /** The last that it printed, as the end of a message, once it has ended. */
  String lastWords() {
    return output.lastWords();
  }
}
