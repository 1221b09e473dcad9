package dev.loquat.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A file's mapping in pieces of {@code 1 << bits} bytes, since one holds at most 2 GiB. */
final class Segments implements AutoCloseable {
  private final int bits;
  private final List<MappedByteBuffer> buffers = new ArrayList<>();

  private Segments(int bits) {
    this.bits = bits;
  }

  /** Maps a range of a file. */
  interface Mapper {
    MappedByteBuffer map(long start, long bytes) throws IOException;
  }

  /** Maps all pieces, or none if one fails. */
  static Segments map(long length, int bits, Mapper mapper) throws IOException {
    Segments segments = new Segments(bits);
    try {
      for (long start = 0; start < length; start += 1L << bits) {
        segments.buffers.add(mapper.map(start, Math.min(1L << bits, length - start)));
      }
      return segments;
    } catch (IOException | RuntimeException | Error e) {
      segments.close();
      throw e;
    }
  }

  /** Copies from an offset until the destination is full. */
  void copy(long offset, ByteBuffer destination) {
    long position = offset;
    while (destination.hasRemaining()) {
      MappedByteBuffer buffer = buffers.get((int) (position >>> bits));
      int start = (int) (position & ((1L << bits) - 1));
      int bytes = Math.min(destination.remaining(), buffer.capacity() - start);
      int end = destination.position() + bytes;
      destination.put(destination.position(), buffer, start, bytes).position(end);
      position += bytes;
    }
  }

  /** Has the process hold no pages of the file until they are read again. */
  void dropPages() {
    buffers.forEach(Mapping::dropPages);
  }

  /** Gives the memory back; nobody may copy any more. A second call does nothing. */
  @Override
  public void close() {
    buffers.forEach(Mapping::unmap);
    buffers.clear();
  }
}
