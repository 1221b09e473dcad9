package dev.loquat.device;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** The C library's heap, from which native code allocates on a processor. */
public final class NativeHeap {
  private NativeHeap() {}

  /**
   * Gives freed memory back to the system. glibc keeps most of it otherwise: of the 540 MB of a
   * closed SmolLM2, 430 stayed in the process. Other C libraries need no asking, and nothing is
   * done there. Threads may call it at any time.
   */
  public static void trim() {
    if (!Platform.isLinux()) {
      return;
    }
    try {
      NativeLibrary.getProcess().getFunction("malloc_trim").invokeInt(new Object[] {0L});
    } catch (UnsatisfiedLinkError e) {
      return; // musl has no malloc_trim and keeps nothing worth it
    }
  }
}
