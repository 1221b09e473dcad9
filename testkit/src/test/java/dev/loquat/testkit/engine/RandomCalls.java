package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.BackendException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TextDelta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Calls of several threads at random, each checked against the script. */
abstract class RandomCalls extends StagedModels {
  static final int CALLS = 60;

  private static final int CALLERS = 6;
  private static final int LONGEST_TIMEOUT_NANOS = 5_000_000;

  /** What a test does in a call. */
  interface Caller {
    void call(String prompt, Generator generator, Random random);
  }

  /** Makes all calls and waits for their ends. */
  static void callAtRandom(Model model, Random random, Caller caller) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        Random own = new Random(random.nextLong());
        calls.add(callers.submit(() -> caller.call(prompt(own), shaped(model, own), own)));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      callers.shutdownNow();
    }
  }

  private static String prompt(Random random) {
    return "a".repeat(random.nextInt(70)) + "bcd".charAt(random.nextInt(3));
  }

  private static Generator shaped(Model model, Random random) {
    Generator shaped =
        model
            .generator()
            .temperature(0)
            .maxNewTokens(1 + random.nextInt(40))
            .priority(random.nextInt(3));
    return random.nextInt(6) == 0
        ? shaped.timeout(Duration.ofNanos(1 + random.nextInt(LONGEST_TIMEOUT_NANOS)))
        : shaped;
  }

  static void check(String prompt, GenerationResult result) {
    assertThat(result.text()).isEqualTo(lettersAfter(prompt, result.newTokens()));
    assertThat(result.finishReason())
        .isIn(FinishReason.MAX_NEW_TOKENS, FinishReason.TIMEOUT, FinishReason.CANCELLED);
  }

  /** Reads some of a text and goes. */
  static void read(String prompt, TextStream stream, Random random) {
    int last = random.nextInt(60);
    StringBuilder text = new StringBuilder();
    try (stream) {
      for (TextDelta piece : stream) {
        text.append(piece.text());
        assertThat(text).hasToString(lettersAfter(prompt, text.length()));
        if (text.length() >= last) {
          break;
        }
      }
    }
    check(prompt, stream.result());
  }

  /** Waits for a text, or cancels it. */
  static void await(String prompt, CompletableFuture<GenerationResult> future, Random random) {
    try {
      if (random.nextBoolean()) {
        future.cancel(true);
      }
      check(prompt, future.join());
    } catch (CancellationException e) {
      assertThat(future).isCancelled();
    } catch (CompletionException e) {
      throw e.getCause() instanceof BackendException failure ? failure : e;
    }
  }
}
