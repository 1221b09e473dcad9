package dev.loquat.benchmarks.serving;

import dev.loquat.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Callers with a thread and a prompt each, that call again as soon as their text has come.
 *
 * @param generator what they call
 * @param prompts one for each caller there may be
 * @param calls how many calls each makes
 */
record SteadyCallers(Generator generator, List<String> prompts, int calls) {

  /** Copies the prompts. */
  SteadyCallers {
    prompts = List.copyOf(prompts);
  }

  /** The new tokens of all callers together in a second, from the first call to the last end. */
  double tokensPerSecond(int callers) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      long start = System.nanoTime();
      List<Future<Integer>> tokens = threads.invokeAll(work(callers));
      double seconds = (System.nanoTime() - start) / 1e9;
      return sum(tokens) / seconds;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Callable<Integer>> work(int callers) {
    List<Callable<Integer>> work = new ArrayList<>();
    prompts.subList(0, callers).forEach(prompt -> work.add(() -> newTokens(prompt)));
    return work;
  }

  private int newTokens(String prompt) {
    int tokens = 0;
    for (int call = 0; call < calls; call++) {
      tokens += generator.generate(prompt).newTokens();
    }
    return tokens;
  }

  private static int sum(List<Future<Integer>> tokens) throws InterruptedException {
    int sum = 0;
    for (Future<Integer> one : tokens) {
      sum += result(one);
    }
    return sum;
  }

  private static int result(Future<Integer> tokens) throws InterruptedException {
    try {
      return tokens.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }
}
