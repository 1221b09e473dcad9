package dev.loquat.backend.onnx.binding;

import com.sun.jna.Memory;
import dev.loquat.error.OutOfMemoryException;
import java.nio.ByteBuffer;

/**
 * A block of native memory, not cleared. Once it is closed it can't be reached through this object
 * any more; whoever closes it has closed the tensors over it before.
 */
final class NativeBlock implements AutoCloseable {
  /** The most bytes that one tensor can cover: what a Java buffer can address. */
  static final long MAX_VIEW_BYTES = Integer.MAX_VALUE;

  /** Where blocks come from. */
  @FunctionalInterface
  interface Source {
    NativeBlock allocate(long byteLength, String purpose);
  }

  private final Memory memory;
  private boolean closed;

  private NativeBlock(Memory memory) {
    this.memory = memory;
  }

  /**
   * Allocates a block.
   *
   * @param byteLength 1 or more
   * @param purpose what it is for and how to need less, for the message where there is not enough
   */
  static NativeBlock allocate(long byteLength, String purpose) {
    try {
      return new NativeBlock(new Memory(byteLength));
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryException(
          "Could not allocate " + byteLength + " bytes of native memory for " + purpose + ".", e);
    }
  }

  long byteLength() {
    return memory.size();
  }

  /** A part of the block, in the machine's byte order. */
  ByteBuffer view(long offset, long byteLength) {
    requireOpen();
    return memory.getByteBuffer(offset, byteLength);
  }

  ByteBuffer view() {
    return view(0, byteLength());
  }

  /** Copies single-precision numbers out. */
  void read(long offset, float[] destination, int count) {
    requireOpen();
    memory.read(offset, destination, 0, count);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.close();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The memory was given back; its session is closed");
    }
  }
}
