package dev.loquat.backend.onnx.capi;

import com.sun.jna.Pointer;

/** A native object and how it is released, which its owner does once. */
final class NativeHandle implements AutoCloseable {
  private final Pointer pointer;
  private final Runnable release;
  private boolean closed;

  NativeHandle(Pointer pointer, Runnable release) {
    this.pointer = pointer;
    this.release = release;
  }

  /** The object, which must not have been released. */
  Pointer pointer() {
    if (closed) {
      throw new IllegalStateException("The runtime's object was released; its session is closed");
    }
    return pointer;
  }

  /** A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
