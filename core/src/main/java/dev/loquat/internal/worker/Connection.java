package dev.loquat.internal.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One end of the line between two processes.
 *
 * <p>A frame is an {@code int}, the number of bytes that follow, 1 to {@link #MAX_FRAME_BYTES}, and
 * a message as {@link RecordCodec} writes it.
 *
 * <p>Sending never waits: a thread of the connection's own writes what was sent, in its order. One
 * thread receives. Safe for use by several threads otherwise.
 *
 * @param <S> what is sent, a sealed interface of records
 * @param <R> what is received
 */
final class Connection<S, R> implements AutoCloseable {
  /** The most bytes of a message: 64 MiB. */
  static final int MAX_FRAME_BYTES = 64 << 20;

  private static final byte[] LAST = {};

  private final SocketChannel channel;
  private final Class<S> sent;
  private final Class<R> received;
  private final RecordCodec codec = new RecordCodec();
  private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
  private final Thread writer;

  /** Takes the channel over, connected and blocking. */
  Connection(SocketChannel channel, Class<S> sent, Class<R> received, String name) {
    this.channel = channel;
    this.sent = sent;
    this.received = received;
    writer = new Thread(this::write, name);
    writer.setDaemon(true);
    writer.start();
  }

  /**
   * Sends a message, if the connection lasts until then.
   *
   * @throws IllegalArgumentException if it is too long, or holds what can't cross
   */
  void send(S message) {
    frames.add(frame(message));
  }

  private byte[] frame(S message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0);
      codec.write(sent, message, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] frame = bytes.toByteArray();
    int length = frame.length - Integer.BYTES;
    if (length > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "A message to another process has "
              + length
              + " bytes; the most is "
              + MAX_FRAME_BYTES
              + ". Ask for fewer log-probabilities, or load replicas in threads.");
    }
    ByteBuffer.wrap(frame).putInt(length);
    return frame;
  }

  /**
   * Waits for a message.
   *
   * @throws EOFException if the other end has gone
   * @throws IOException if the connection breaks, or what comes is no message
   */
  R receive() throws IOException {
    int length = read(Integer.BYTES).getInt();
    if (length < 1 || length > MAX_FRAME_BYTES) {
      throw new IOException("A frame has " + length + " bytes; expected 1 to " + MAX_FRAME_BYTES);
    }
    return received.cast(codec.read(received, read(length).array()));
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("The other process has gone");
      }
    }
    return buffer.flip();
  }

  private void write() {
    try {
      byte[] frame = frames.take();
      while (frame != LAST) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        frame = frames.take();
      }
      channel.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      frames.clear(); // The receiving end notices, too, and says so.
    }
  }

  /** Names the thread that writes. */
  void rename(String name) {
    writer.setName(name);
  }

  /** Ends sending once all that was sent is written; waits for that a while. */
  void finish(long millis) {
    frames.add(LAST);
    try {
      writer.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Breaks the connection off. A second call does nothing. */
  @Override
  public void close() {
    frames.add(LAST);
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
