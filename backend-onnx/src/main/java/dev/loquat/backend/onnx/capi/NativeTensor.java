package dev.loquat.backend.onnx.capi;

import com.sun.jna.Pointer;

/** A tensor over memory of any place. Whoever asks for it closes it. */
public final class NativeTensor implements AutoCloseable {
  private final NativeHandle value;
  private final long address;

  NativeTensor(NativeHandle value, long address) {
    this.value = value;
    this.address = address;
  }

  /**
   * Where its memory begins.
   *
   * @return an address in the memory of its place
   */
  public long address() {
    return address;
  }

  Pointer pointer() {
    return value.pointer();
  }

  /** Gives back the memory, too, where the tensor was allocated. A second call does nothing. */
  @Override
  public void close() {
    value.close();
  }
}
