package dev.loquat.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A file in memory, in segments, since one mapping holds at most 2 GiB.
 *
 * <p>Safe for use by several threads. The mapping never leaves this class: readers get copies, and
 * closing waits for them, so that nobody touches memory that was given back.
 */
final class MappedFile implements AutoCloseable {
  private static final int SEGMENT_BITS = 30;

  private final Path file;
  private final long length;
  private final int segmentBits;
  private final List<MappedByteBuffer> segments;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private MappedFile(Path file, long length, int segmentBits, List<MappedByteBuffer> segments) {
    this.file = file;
    this.length = length;
    this.segmentBits = segmentBits;
    this.segments = segments;
  }

  static MappedFile open(Path file) throws IOException {
    return open(file, SEGMENT_BITS);
  }

  /** Opens a file in segments of {@code 1 << segmentBits} bytes. */
  static MappedFile open(Path file, int segmentBits) throws IOException {
    long segmentBytes = 1L << segmentBits;
    try (FileChannel channel = FileChannel.open(file)) {
      long length = channel.size();
      List<MappedByteBuffer> segments = new ArrayList<>();
      for (long start = 0; start < length; start += segmentBytes) {
        long bytes = Math.min(segmentBytes, length - start);
        segments.add(channel.map(FileChannel.MapMode.READ_ONLY, start, bytes));
      }
      return new MappedFile(file, length, segmentBits, segments);
    }
  }

  /** Copies from an offset until the destination is full. */
  void read(long offset, ByteBuffer destination) {
    if (offset < 0 || offset > length - destination.remaining()) {
      throw new IndexOutOfBoundsException(
          destination.remaining() + " bytes from byte " + offset + " pass the end at " + length);
    }
    Lock reading = lock.readLock();
    reading.lock();
    try {
      requireOpen();
      copy(offset, destination);
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
      segments.forEach(Mapping::unmap);
      segments.clear();
    } finally {
      writing.unlock();
    }
  }

  private void copy(long offset, ByteBuffer destination) {
    long position = offset;
    while (destination.hasRemaining()) {
      MappedByteBuffer segment = segments.get((int) (position >>> segmentBits));
      int start = (int) (position & ((1L << segmentBits) - 1));
      int bytes = Math.min(destination.remaining(), segment.capacity() - start);
      int end = destination.position() + bytes;
      destination.put(destination.position(), segment, start, bytes).position(end);
      position += bytes;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          file.getFileName() + " is closed; read weights before the checkpoint is closed");
    }
  }
}
