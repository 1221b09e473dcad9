package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.Replicas;
import dev.loquat.error.BackendException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import java.util.Iterator;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls by several threads, with cancels, deadlines and priorities, while replicas end at random
 * steps: each call ends once, with the text that the script has for it or with a typed error, and
 * none keeps a slot.
 */
class ReplicaTrafficTest extends RandomCalls {
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
    try (Model model =
        loader().batch(slots).replicas(some(replicas, random.nextBoolean())).load()) {
      callAtRandom(model, random, (prompt, generator, own) -> call(prompt, generator, slots, own));
      EngineLoad load = model.engineLoad();
      assertThat(load).isEqualTo(new EngineLoad(0, 0, 0, load.slots()));
      assertThat(model.generator().maxNewTokens(3).generate("last").text())
          .isEqualTo(lettersAfter("last", 3));
    }
    assertThat(completed.get()).isGreaterThan(CALLS / 2);
    assertThat(provider.openBackends()).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyCallEndsOnceWhenAllReplicasEnd(long seed) throws Exception {
    Random random = new Random(seed);
    MortalProvider provider = mortal(random.ints(3, 1, 60).toArray());
    try (Model model = loader().batch(2).replicas(some(3, random.nextBoolean())).load()) {
      callAtRandom(model, random, (prompt, generator, own) -> call(prompt, generator, 2, own));
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

  private void call(String prompt, Generator generator, int slots, Random random) {
    try {
      switch (random.nextInt(4)) {
        case 0 -> check(prompt, generator.generate(prompt));
        case 1 -> read(prompt, generator.stream(prompt), random);
        case 2 -> await(prompt, generator.generateAsync(prompt), random);
        default -> generator.beamSearch(prompt, BeamOptions.of(1 + random.nextInt(slots)));
      }
      completed.incrementAndGet();
    } catch (BackendException | ModelClosedException e) {
      assertThat(e).hasMessageFindingMatch("as the test asked for|Generate it again");
    }
  }
}
