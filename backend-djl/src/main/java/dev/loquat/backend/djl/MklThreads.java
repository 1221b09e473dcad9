package dev.loquat.backend.djl;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;

/**
 * How many threads Intel's library computes a product with, apart from PyTorch's own.
 *
 * <p>It takes all there are for any product, and waking one takes ten times as long as the small
 * products of a step of few tokens. Builds of PyTorch without that library need no such setting.
 */
final class MklThreads {
  private static final @Nullable Function SET_LOCAL = find();

  private MklThreads() {}

  /**
   * Sets it for the calling thread, until PyTorch's own number is set again.
   *
   * @param threads 1 or more
   */
  static void set(int threads) {
    if (SET_LOCAL != null) {
      SET_LOCAL.invokeInt(new Object[] {threads});
    }
  }

  /** The library is part of PyTorch's, which is loaded by now. */
  private static @Nullable Function find() {
    try {
      return NativeLibrary.getInstance("torch_cpu").getFunction("MKL_Set_Num_Threads_Local");
    } catch (UnsatisfiedLinkError e) {
      return null;
    }
  }
}
