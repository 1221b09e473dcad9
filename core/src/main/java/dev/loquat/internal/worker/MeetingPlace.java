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

/** Where one process waits for another: a socket that is deleted once they have met. */
final class MeetingPlace implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(MeetingPlace.class.getName());

  private final Path socket;
  private final ServerSocketChannel server;
  private final Selector selector;

  private MeetingPlace(Path socket, ServerSocketChannel server, Selector selector) {
    this.socket = socket;
    this.server = server;
    this.selector = selector;
  }

  /**
   * Makes it.
   *
   * @param socket where the socket shall lie
   * @throws IOException if there can be no such socket; nothing is left then
   */
  static MeetingPlace open(Path socket) throws IOException {
    ServerSocketChannel server = null;
    try {
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      server.configureBlocking(false);
      Selector selector = Selector.open();
      server.register(selector, SelectionKey.OP_ACCEPT);
      return new MeetingPlace(socket, server, selector);
    } catch (IOException | RuntimeException e) {
      if (server != null) {
        server.close();
      }
      Files.deleteIfExists(socket);
      throw e;
    }
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

  /** Deletes the socket; if it can't be, that is logged, since they may have met all the same. */
  @Override
  public void close() {
    try {
      selector.close();
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOGGER.log(Logger.Level.WARNING, "A socket could not be closed: " + socket, e);
    }
  }
}
