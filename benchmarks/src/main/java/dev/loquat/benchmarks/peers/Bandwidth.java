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
    long start = System.nanoTime();
    long sum = 0;
    List<Callable<Long>> reads = new ArrayList<>();
    memory.forEach(longs -> reads.add(() -> sum(longs)));
    for (Future<Long> read : readers.invokeAll(reads)) {
      sum += read.get();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (sum != expected(memory.size())) {
      throw new IllegalStateException("memory was read wrongly: " + sum);
    }
    return (double) memory.size() * LONGS * Long.BYTES / seconds;
  }

  private static long expected(int threads) {
    return (long) LONGS * threads * (threads - 1) / 2;
  }

  private static long sum(long[] longs) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (int i = 0; i < longs.length; i += 4) {
      a += longs[i];
      b += longs[i + 1];
      c += longs[i + 2];
      d += longs[i + 3];
    }
    return a + b + c + d;
  }
}
