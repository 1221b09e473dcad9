package dev.loquat.checkpoint.safetensors;

import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A file in memory.
 *
 * <p>Safe for use by several threads. The mapping never leaves this class: readers get copies, and
 * closing waits for them, so that nobody touches memory that was given back.
 *
 * <p>Touching a page that the file no longer has is a fault, so the file stays open and its length
 * is compared before each copy. A {@link RandomAccessFile}, unlike a channel, tells it to threads
 * that are interrupted, too.
 */
final class MappedFile implements AutoCloseable {
  private static final int SEGMENT_BITS = 30;

  private final Path path;
  private final RandomAccessFile file;
  private final long length;
  private final Segments segments;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private MappedFile(Path path, RandomAccessFile file, long length, Segments segments) {
    this.path = path;
    this.file = file;
    this.length = length;
    this.segments = segments;
  }

  static MappedFile open(Path path) throws IOException {
    return open(path, SEGMENT_BITS);
  }

  /** Opens a file in segments of {@code 1 << segmentBits} bytes. */
  static MappedFile open(Path path, int segmentBits) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    try {
      long length = file.length();
      FileChannel channel = file.getChannel();
      Segments segments =
          Segments.map(
              length,
              segmentBits,
              (start, bytes) -> channel.map(FileChannel.MapMode.READ_ONLY, start, bytes));
      return new MappedFile(path, file, length, segments);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /**
   * Copies from an offset until the destination is full.
   *
   * @throws CheckpointException if the file ends before that
   */
  void read(long offset, ByteBuffer destination) {
    Lock reading = lock.readLock();
    reading.lock();
    try {
      requireOpen();
      copy(offset, destination);
    } finally {
      reading.unlock();
    }
  }

  /** Has the process hold no pages of the file until they are read again. */
  void dropPages() {
    Lock reading = lock.readLock();
    reading.lock();
    try {
      requireOpen();
      segments.dropPages();
    } finally {
      reading.unlock();
    }
  }

  /** Waits for readers, then gives the memory back. A second call does nothing. */
  @Override
  public void close() {
    Lock writing = lock.writeLock();
    writing.lock();
    try {
      closed = true;
      segments.close();
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writing.unlock();
    }
  }

  private void copy(long offset, ByteBuffer destination) {
    int count = destination.remaining();
    requireBytes(offset, count);
    try {
      segments.copy(offset, destination);
      PendingFault.raise(Math.min(count, 1));
    } catch (InternalError e) {
      throw new CheckpointException(unreadable(offset, count), e);
    }
    requireBytes(offset, count);
  }

  /** Before a copy this prevents the fault; after it, no end of a page reads as zeros. */
  private void requireBytes(long offset, int count) {
    long bytes = Math.min(length, currentLength());
    if (offset < 0 || offset > bytes - count) {
      throw new CheckpointException(unreadable(offset, count));
    }
  }

  private long currentLength() {
    try {
      return file.length();
    } catch (IOException e) {
      throw new CheckpointException(path + ": its length can't be read (" + e + ").", e);
    }
  }

  private String unreadable(long offset, int count) {
    return path
        + ": "
        + count
        + " bytes from byte "
        + offset
        + " can't be read; the file has "
        + currentLength()
        + " bytes, and had "
        + length
        + " when it was opened. It was cut or its disk failed; fetch it again.";
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          path + " is closed; read weights before the checkpoint is closed");
    }
  }
}
