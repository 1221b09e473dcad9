package dev.loquat.backend.djl;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many threads Intel's library computes a product with, apart from PyTorch's own.
 *
 * <p>It takes all there are for any product, and waking one takes ten times as long as the small
 * products of a step of few tokens. Builds of PyTorch without that library need no such setting;
 * only on Linux is it found.
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

  /** The library is part of PyTorch's. Any other PyTorch that the system has must stay out. */
  private static @Nullable Function find() {
    try {
      return loadedLibrary()
          .map(file -> NativeLibrary.getInstance(file).getFunction("MKL_Set_Num_Threads_Local"))
          .orElse(null);
    } catch (UnsatisfiedLinkError e) {
      return null;
    }
  }

  /** The file that this process has mapped; empty where the system does not tell. */
  private static Optional<String> loadedLibrary() {
    try (Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
      return mapped
          .filter(line -> line.endsWith("/libtorch_cpu.so"))
          .map(line -> line.substring(line.indexOf('/')))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
