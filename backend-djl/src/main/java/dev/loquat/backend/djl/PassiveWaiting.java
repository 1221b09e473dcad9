package dev.loquat.backend.djl;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * Makes PyTorch's threads sleep while they wait for each other.
 *
 * <p>By default they spin, which is a tenth faster on an idle machine and ten times slower where
 * other threads want the cores, as an application's own do. The OpenMP library reads its settings
 * from the environment when it is loaded and never again; they stand there only meanwhile. An
 * application that sets {@code OMP_WAIT_POLICY} or {@code GOMP_SPINCOUNT} keeps its choice.
 */
final class PassiveWaiting {
  private static final String POLICY = "OMP_WAIT_POLICY";

  private PassiveWaiting() {}

  /** Loads a library under the policy. */
  static void during(Runnable load) {
    boolean chosen = System.getenv(POLICY) != null || System.getenv("GOMP_SPINCOUNT") != null;
    if (chosen || !Platform.isLinux()) {
      load.run();
      return;
    }
    NativeLibrary libc = NativeLibrary.getProcess();
    libc.getFunction("setenv").invokeInt(new Object[] {POLICY, "PASSIVE", 0});
    try {
      load.run();
    } finally {
      libc.getFunction("unsetenv").invokeInt(new Object[] {POLICY});
    }
  }
}
