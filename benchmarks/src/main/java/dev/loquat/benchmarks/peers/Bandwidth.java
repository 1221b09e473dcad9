package dev.loquat.benchmarks.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How fast threads read memory that no cache holds: the limit of a decode step. */
final class Bandwidth {
  private static final int LONGS = 1 << 24;
  private static final int PASSES = 6;

  private Bandwidth() {}

  /**
   * Reads 128 MiB in each thread, several times.
   *
   * @param threads threads, 1 or more
   * @return bytes per second of the fastest pass
   */
  static double bytesPerSecond(int threads) throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(threads);
    try {
      List<long[]> memory = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        long[] longs = new long[LONGS];
        Arrays.fill(longs, i);
        memory.add(longs);
      }
      double best = 0;
      for (int pass = 0; pass < PASSES; pass++) {
        best = Math.max(best, pass(readers, memory));
      }
      return best;
    } finally {
      readers.shutdown();
    }
  }

  private static double pass(ExecutorService readers, List<long[]> memory) throws Exception {
    List<Callable<Boolean>> reads = new ArrayList<>();
    memory.forEach(longs -> reads.add(() -> halvesAreEqual(longs)));
    long start = System.nanoTime();
    boolean equal = true;
    for (Future<Boolean> read : readers.invokeAll(reads)) {
      equal &= read.get();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!equal) {
      throw new IllegalStateException("memory was read wrongly: equal numbers seem to differ");
    }
    return (double) memory.size() * LONGS * Long.BYTES / seconds;
  }

  /** Comparing is what the JVM reads memory fastest for: in vectors, from two places at once. */
  private static boolean halvesAreEqual(long[] longs) {
    return Arrays.equals(longs, 0, LONGS / 2, longs, LONGS / 2, LONGS);
  }
}
