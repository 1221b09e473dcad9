package dev.loquat.backend.djl;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** The heap that PyTorch allocates from on a processor. */
final class NativeHeap {

  private NativeHeap() {}

  /**
   * Gives freed memory back to the system. glibc keeps it otherwise; others do so by themselves.
   */
  static void trim() {
    if (!Platform.isLinux()) {
      return;
    }
    try {
      Function trim = NativeLibrary.getProcess().getFunction("malloc_trim");
      trim.invokeInt(new Object[] {0L});
    } catch (UnsatisfiedLinkError e) {
      // A libc other than glibc: it has no such function.
    }
  }
}
