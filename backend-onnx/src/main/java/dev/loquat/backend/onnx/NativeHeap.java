package dev.loquat.backend.onnx;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/** The C library's heap. */
final class NativeHeap {
  private NativeHeap() {}

  /**
   * Gives freed pages back to the system. glibc keeps most of them otherwise: of the 540 MB of a
   * closed SmolLM2, 430 stayed in the process. Other C libraries need no asking.
   */
  static void trim() {
    if (Platform.isLinux()) {
      try {
        Function.getFunction(Platform.C_LIBRARY_NAME, "malloc_trim").invokeInt(new Object[] {0L});
      } catch (UnsatisfiedLinkError e) {
        return; // musl has no malloc_trim and keeps nothing worth it
      }
    }
  }
}
