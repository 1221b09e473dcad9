package dev.loquat.internal.worker;

import dev.loquat.error.WorkerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A worker's process and the line to it.
 *
 * <p>They meet at a socket in a folder that is made for this start alone, which only this user can
 * enter, and which is deleted once they have met.
 */
final class WorkerProcess {
  private final Process process;
  private final Connection<ToWorker, ToParent> connection;

  private WorkerProcess(Process process, Connection<ToWorker, ToParent> connection) {
    this.process = process;
    this.connection = connection;
  }

  /**
   * Starts a process and waits until it has connected.
   *
   * @throws WorkerException if it can't be started, or ends before; nothing is left of it then
   */
  static WorkerProcess start(WorkerCommand command, String name) {
    try {
      Path folder = Files.createTempDirectory("loquat-");
      Path socket = folder.resolve("worker");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        return meet(server, launch(command, socket), name);
      } finally {
        Files.deleteIfExists(socket);
        Files.delete(folder);
      }
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

  private static Process launch(WorkerCommand command, Path socket) throws IOException {
    Process process =
        new ProcessBuilder(command.line(socket))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    return process;
  }

  private static WorkerProcess meet(ServerSocketChannel server, Process process, String name)
      throws IOException {
    boolean met = false;
    var unused = process.onExit().thenRun(() -> close(server));
    try {
      SocketChannel channel = server.accept();
      met = true;
      return new WorkerProcess(
          process, new Connection<>(channel, ToWorker.class, ToParent.class, name + "-writer"));
    } catch (IOException e) {
      if (process.isAlive()) {
        throw e;
      }
      throw early(process, name, e);
    } finally {
      if (!met) {
        process.destroyForcibly();
      }
    }
  }

  private static WorkerException early(Process process, String name, IOException cause) {
    return new WorkerException(
        "The process of "
            + name
            + " ended with exit code "
            + process.exitValue()
            + " before it had connected. Its standard error tells why; correct the jvmOptions of the"
            + " replicas.",
        cause);
  }

  private static void close(ServerSocketChannel server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Connection<ToWorker, ToParent> connection() {
    return connection;
  }

  long pid() {
    return process.pid();
  }

  /** Waits for its end, at most so long; tells whether it has ended. */
  boolean await(Duration patience) {
    try {
      return process.waitFor(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
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
}
