package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.Replicas;
import dev.loquat.TextStream;
import dev.loquat.error.BackendException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TextDelta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls by several threads, with cancels, deadlines and priorities, while replicas end at random
 * steps: each call ends once, with the text that the script has for it or with a typed error, and
 * none keeps a slot.
 */
class ReplicaTrafficTest extends StagedModels {
  private static final int CALLERS = 6;
  private static final int CALLS = 60;

  private final AtomicInteger completed = new AtomicInteger();

  static Iterator<Long> seeds() {
    return new Random(21).longs(25).iterator();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyCallEndsOnceWhileReplicasEnd(long seed) throws Exception {
    Random random = new Random(seed);
    int replicas = 2 + random.nextInt(3);
    int slots = 1 + random.nextInt(3);
    int[] lastSteps = random.ints(replicas, 1, 150).toArray();
    lastSteps[random.nextInt(replicas)] = Integer.MAX_VALUE;
    MortalProvider provider = mortal(lastSteps);
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try (Model model =
        loader().batch(slots).replicas(some(replicas, random.nextBoolean())).load()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        long callSeed = random.nextLong();
        calls.add(callers.submit(() -> call(model, slots, new Random(callSeed))));
      }
      for (Future<?> call : calls) {
        call.get();
      }
      EngineLoad load = model.engineLoad();
      assertThat(load).isEqualTo(new EngineLoad(0, 0, 0, load.slots()));
      assertThat(model.generator().maxNewTokens(3).generate("last").text())
          .isEqualTo(lettersAfter("last", 3));
    } finally {
      callers.shutdownNow();
    }
    assertThat(completed.get()).isGreaterThan(CALLS / 2);
    assertThat(provider.openBackends()).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyCallEndsOnceWhenAllReplicasEnd(long seed) throws Exception {
    Random random = new Random(seed);
    MortalProvider provider = mortal(random.ints(3, 1, 60).toArray());
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try (Model model = loader().batch(2).replicas(some(3, random.nextBoolean())).load()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        long callSeed = random.nextLong();
        calls.add(callers.submit(() -> call(model, 2, new Random(callSeed))));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      callers.shutdownNow();
    }
    assertThat(provider.openBackends()).isZero();
  }

  private static Replicas some(int count, boolean retries) {
    Replicas replicas = Replicas.threads(count);
    return retries ? replicas.retryRunning() : replicas;
  }

  private MortalProvider mortal(int[] lastSteps) {
    MortalProvider[] provider = new MortalProvider[1];
    provider[0] =
        new MortalProvider(
            letterScript(),
            (replica, step) -> {
              if (step >= lastSteps[replica]) {
                provider[0].kill(replica);
              }
            });
    stage(provider[0]);
    return provider[0];
  }

  private void call(Model model, int slots, Random random) {
    String prompt = "a".repeat(random.nextInt(70)) + "bcd".charAt(random.nextInt(3));
    Generator generator = shaped(model.generator(), random);
    try {
      switch (random.nextInt(4)) {
        case 0 -> check(prompt, generator.generate(prompt));
        case 1 -> read(prompt, generator.stream(prompt), random.nextInt(60));
        case 2 -> await(prompt, generator.generateAsync(prompt), random.nextBoolean());
        default -> generator.beamSearch(prompt, BeamOptions.of(1 + random.nextInt(slots)));
      }
      completed.incrementAndGet();
    } catch (BackendException | ModelClosedException e) {
      assertThat(e).hasMessageFindingMatch("as the test asked for|Generate it again");
    }
  }

  private static Generator shaped(Generator generator, Random random) {
    Generator shaped =
        generator.temperature(0).maxNewTokens(1 + random.nextInt(40)).priority(random.nextInt(3));
    return random.nextInt(6) == 0
        ? shaped.timeout(Duration.ofNanos(1 + random.nextInt(5_000_000)))
        : shaped;
  }

  private static void check(String prompt, GenerationResult result) {
    assertThat(result.text()).isEqualTo(lettersAfter(prompt, result.newTokens()));
    assertThat(result.finishReason())
        .isIn(FinishReason.MAX_NEW_TOKENS, FinishReason.TIMEOUT, FinishReason.CANCELLED);
  }

  private static void read(String prompt, TextStream stream, int last) {
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

  private static void await(
      String prompt, CompletableFuture<GenerationResult> future, boolean cancelled) {
    try {
      if (cancelled) {
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
