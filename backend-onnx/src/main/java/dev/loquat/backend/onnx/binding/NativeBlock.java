package dev.loquat.backend.onnx.binding;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.loquat.device.ByteFormat;
import dev.loquat.error.OutOfMemoryException;
import java.nio.ByteBuffer;

/** A block of the machine's memory, outside of the Java heap. */
final class NativeBlock implements Block {
  /** The most bytes that one view can cover: what a Java buffer can address. */
  static final long MAX_VIEW_BYTES = Integer.MAX_VALUE;

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
          "Could not allocate "
              + ByteFormat.text(byteLength)
              + " of native memory for "
              + purpose
              + ".",
          e);
    }
  }

  /** A block that was allocated here. */
  static NativeBlock of(Block block) {
    if (block instanceof NativeBlock ofTheMachine) {
      return ofTheMachine;
    }
    throw new IllegalArgumentException("The block lies in a device's memory");
  }

  @Override
  public long byteLength() {
    return memory.size();
  }

  @Override
  public long address() {
    requireOpen();
    return Pointer.nativeValue(memory);
  }

  /** A part of the block, in the machine's byte order. */
  ByteBuffer view(long offset, long byteLength) {
    requireOpen();
    return memory.getByteBuffer(offset, byteLength);
  }

  ByteBuffer view() {
    return view(0, byteLength());
  }

  /** Copies bytes to another block, or to another place in this one. */
  void copyTo(NativeBlock target, long offset, long targetOffset, long byteLength) {
    for (long done = 0; done < byteLength; done += MAX_VIEW_BYTES) {
      long bytes = Math.min(MAX_VIEW_BYTES, byteLength - done);
      target.view(targetOffset + done, bytes).put(view(offset + done, bytes));
    }
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
