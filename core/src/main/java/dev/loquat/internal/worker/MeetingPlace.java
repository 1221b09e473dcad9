package dev.loquat.internal.worker;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where one process waits for another: a socket in a folder that is made for this alone, which only
 * this user can enter, and which is deleted once they have met.
 */
final class MeetingPlace implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(MeetingPlace.class.getName());

  private final Path folder;
  private final ServerSocketChannel server;
  private final Selector selector;

  private MeetingPlace(Path folder, ServerSocketChannel server, Selector selector) {
    this.folder = folder;
    this.server = server;
    this.selector = selector;
  }

  /**
   * Makes it.
   *
   * @throws IOException if there can be no such folder or socket; nothing is left then
   */
  static MeetingPlace open() throws IOException {
    Path folder = Files.createTempDirectory("loquat-");
    ServerSocketChannel server = null;
    try {
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket(folder)));
      server.configureBlocking(false);
      Selector selector = Selector.open();
      server.register(selector, SelectionKey.OP_ACCEPT);
      return new MeetingPlace(folder, server, selector);
    } catch (IOException | RuntimeException e) {
      if (server != null) {
        server.close();
      }
      delete(folder);
      throw e;
    }
  }

  private static Path socket(Path folder) {
    return folder.resolve("worker");
  }

  Path socket() {
    return socket(folder);
  }

  /**
   * Waits until the process has connected, or has ended, but not for longer than that.
   *
   * @return the connection, blocking, or nothing
   * @throws ClosedByInterruptException if the thread is interrupted; its interrupt stays set
   */
  Optional<SocketChannel> await(Process process, Duration patience) throws IOException {
    var unused = process.onExit().thenRun(selector::wakeup);
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    SocketChannel channel = server.accept();
    while (channel == null && process.isAlive()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return Optional.empty();
      }
      selector.select(left);
      selector.selectedKeys().clear();
      if (Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      channel = server.accept();
    }
    return Optional.ofNullable(channel);
  }

  /** Deletes the folder; what can't be deleted is logged, since they may have met all the same. */
  @Override
  public void close() {
    try {
      selector.close();
      server.close();
    } catch (IOException e) {
      LOGGER.log(Logger.Level.WARNING, "A socket could not be closed: " + socket(), e);
    }
    delete(folder);
  }

  private static void delete(Path folder) {
    try {
      Files.deleteIfExists(socket(folder));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOGGER.log(Logger.Level.WARNING, "Delete this folder, it is not needed: " + folder, e);
    }
  }
}
