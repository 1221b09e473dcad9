package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.onnx.capi.MemoryPlace;
import dev.loquat.backend.onnx.capi.NativeTensor;

/** A block of a device's memory, from the allocator of the runtime's session. */
final class DeviceBlock implements Block {
  private final NativeTensor bytes;
  private final MemoryPlace place;
  private final long byteLength;
  private final Runnable onClose;
  private boolean closed;

  /**
   * Owns a tensor.
   *
   * @param bytes the memory
   * @param place where it lies
   * @param byteLength its length
   * @param onClose told once it went back to the allocator
   */
  DeviceBlock(NativeTensor bytes, MemoryPlace place, long byteLength, Runnable onClose) {
    this.bytes = bytes;
    this.place = place;
    this.byteLength = byteLength;
    this.onClose = onClose;
  }

  MemoryPlace place() {
    return place;
  }

  @Override
  public long byteLength() {
    return byteLength;
  }

  @Override
  public long address() {
    if (closed) {
      throw new IllegalStateException("The memory was given back; its session is closed");
    }
    return bytes.address();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      bytes.close();
      onClose.run();
    }
  }
}
