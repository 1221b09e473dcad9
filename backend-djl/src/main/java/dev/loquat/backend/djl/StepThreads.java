package dev.loquat.backend.djl;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many threads a step computes with: as many as took least time for steps of its size.
 *
 * <p>A thread that sleeps between operators has to be woken for each. For a step of few tokens that
 * may take longer than what it computes; where the borders lie depends on the model, the machine
 * and what else runs there. So small steps try each number of threads in turn, keep to the one with
 * the fastest step, and try again after a while. Large steps take all threads.
 *
 * <p>Confined: used by one thread at a time.
 */
final class StepThreads {
  /** Steps of more tokens take all threads. */
  private static final int SMALL_STEP = 32;

  private static final int TURNS = 4;
  private static final int SETTLED_STEPS = 1000;

  private final int[] candidates;
  private final Trial[] trials;

  private StepThreads(int... candidates) {
    this.candidates = candidates;
    this.trials = new Trial[sizeClass(SMALL_STEP) + 1];
    Arrays.setAll(trials, size -> new Trial(candidates.length));
  }

  /**
   * Chooses among 1, 2, 4 and so on.
   *
   * @param most the threads there are, 1 or more
   */
  static StepThreads upTo(int most) {
    IntStream fewer = IntStream.iterate(1, threads -> threads < most, threads -> 2 * threads);
    return new StepThreads(IntStream.concat(fewer, IntStream.of(most)).toArray());
  }

  /** Always the same number, 1 or more. */
  static StepThreads always(int threads) {
    return new StepThreads(threads);
  }

  /** The threads for the next step of so many tokens. */
  int of(int tokens) {
    return isSmall(tokens)
        ? candidates[trials[sizeClass(tokens)].candidate()]
        : candidates[candidates.length - 1];
  }

  /** Whether a step has so few tokens that waking a thread may cost more than it gains. */
  static boolean isSmall(int tokens) {
    return tokens <= SMALL_STEP;
  }

  /** Notes how long that step took. */
  void took(int tokens, long nanos) {
    if (isSmall(tokens)) {
      trials[sizeClass(tokens)].took(nanos);
    }
  }

  /** Steps of a class have at most twice the tokens of each other. */
  private static int sizeClass(int tokens) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(tokens - 1);
  }

  /** The steps of one class: turns of each candidate, then the fastest for a while. */
  private static final class Trial {
    private final long[] fastest;
    private int step;
    private int best;

    Trial(int candidates) {
      this.fastest = new long[candidates];
      Arrays.fill(fastest, Long.MAX_VALUE);
    }

    int candidate() {
      return isTrying() ? step % fastest.length : best;
    }

    private boolean isTrying() {
      return step < TURNS * fastest.length;
    }

    void took(long nanos) {
      if (isTrying()) {
        int tried = candidate();
        fastest[tried] = Math.min(fastest[tried], nanos);
        best = fastest[tried] < fastest[best] ? tried : best;
      }
      step++;
      if (step == TURNS * fastest.length + SETTLED_STEPS) {
        step = 0;
        best = 0;
        Arrays.fill(fastest, Long.MAX_VALUE);
      }
    }
  }
}
