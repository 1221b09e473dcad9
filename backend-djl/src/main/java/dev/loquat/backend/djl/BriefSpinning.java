package dev.loquat.backend.djl;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * Makes PyTorch's threads spin for a moment and then sleep while they wait for each other.
 *
 * <p>By default they spin on, which is ten times slower where other threads want the cores, as an
 * application's own do; to wake one that sleeps takes longer than many operators. The OpenMP
 * library reads its settings from the environment when it is loaded and never again; they stand
 * there only meanwhile. An application that sets {@code OMP_WAIT_POLICY} or {@code GOMP_SPINCOUNT}
 * keeps its choice.
 */
final class BriefSpinning {
  private static final String COUNT = "GOMP_SPINCOUNT";

  /** Some tens of microseconds. */
  private static final String TURNS = "1000";

  private BriefSpinning() {}

  /** Loads a library under the setting. */
  static void during(Runnable load) {
    boolean chosen = System.getenv("OMP_WAIT_POLICY") != null || System.getenv(COUNT) != null;
    if (chosen || !Platform.isLinux()) {
      load.run();
      return;
    }
    NativeLibrary libc = NativeLibrary.getProcess();
    libc.getFunction("setenv").invokeInt(new Object[] {COUNT, TURNS, 0});
    try {
      load.run();
    } finally {
      libc.getFunction("unsetenv").invokeInt(new Object[] {COUNT});
    }
  }
}
