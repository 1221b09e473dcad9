package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.Replicas;
import dev.loquat.TextStream;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.PhysicalCores;
import dev.loquat.error.BackendException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.QueueFullException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TextDelta;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicasTest extends StagedModels {
  private final CountDownLatch bothReached = new CountDownLatch(2);

  private MortalProvider stageReplicas(MortalProvider.ReplicaHook hook) {
    MortalProvider provider = new MortalProvider(letterScript(), hook);
    stage(provider);
    return provider;
  }

  /** Every replica stops in the same step of its own until all are released. */
  private MortalProvider holdBoth(int held) {
    return stageReplicas(
        (replica, step) -> {
          if (step == held) {
            bothReached.countDown();
            await(release);
          }
        });
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(30, TimeUnit.SECONDS)) {
      throw new BackendException("The step was never released.");
    }
  }

  @Test
  void textsAreThoseOfOneEngineAndEveryReplicaWritesSome() throws IOException {
    MortalProvider provider = stageReplicas((replica, step) -> {});
    List<String> prompts = IntStream.range(0, 40).mapToObj(i -> "prompt " + i).toList();
    try (Model model = loader().batch(2).replicas(3).load()) {
      List<GenerationResult> results = model.generator().maxNewTokens(9).generate(prompts);
      assertThat(results)
          .extracting(GenerationResult::text)
          .isEqualTo(prompts.stream().map(prompt -> lettersAfter(prompt, 9)).toList());
    }
    for (int replica = 0; replica < 3; replica++) {
      assertThat(provider.log(replica).steps()).isPositive();
    }
    assertThat(provider.openBackends()).isZero();
  }

  @Test
  void beamsAndScoresComeFromOneReplica() throws IOException {
    stage(letterScript(), (step, batch) -> {});
    try (Model one = loader().batch(4).load();
        Model two = loader().batch(4).replicas(2).load()) {
      Generator generator = two.generator().maxNewTokens(5);
      assertThat(generator.beamSearch("abc", BeamOptions.of(3)))
          .isEqualTo(one.generator().maxNewTokens(5).beamSearch("abc", BeamOptions.of(3)));
      String text = "x".repeat(CONTEXT + 100);
      assertThat(two.generator().score(text)).isEqualTo(one.generator().score(text));
      assertThat(two.generator().score("y").tokens()).isEmpty();
      assertThat(two.countTokens("abc")).isEqualTo(one.countTokens("abc"));
    }
  }

  @Test
  void whatWaitsGoesToAnotherReplicaAndWhatRanFailsTyped() throws Exception {
    MortalProvider provider = holdBoth(2);
    Set<Integer> ended = ConcurrentHashMap.newKeySet();
    try (Model model = loader().batch(1).replicas(2).onEvents(ends(ended)).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream first = generator.stream("one");
      TextStream second = generator.stream("two");
      List<TextStream> waiting =
          IntStream.range(0, 4).mapToObj(i -> generator.stream("waits " + i)).toList();
      await(bothReached);
      assertThat(model.engineLoad()).isEqualTo(new EngineLoad(2, 4, 2, 2));
      provider.kill(0);
      release.countDown();
      assertThatThrownBy(first::result)
          .isInstanceOf(BackendException.class)
          .hasMessage("Replica 0 is dead, as the test asked for.");
      assertThat(second.result().text()).isEqualTo(lettersAfter("two", 5));
      for (int i = 0; i < 4; i++) {
        assertThat(waiting.get(i).result().text()).isEqualTo(lettersAfter("waits " + i, 5));
      }
      assertThat(model.engineLoad()).isEqualTo(new EngineLoad(0, 0, 0, 1));
      assertThat(ended).containsExactly(0);
    }
    assertThat(provider.openBackends()).isZero();
  }

  private static EngineListener ends(Set<Integer> ended) {
    return new EngineListener() {
      @Override
      public void onReplicaEnd(int replica, RuntimeException cause) {
        ended.add(replica);
      }
    };
  }

  @Test
  void whatRanIsRepeatedWithoutWhatWasDelivered() throws Exception {
    MortalProvider provider = holdBoth(4);
    try (Model model = loader().batch(1).replicas(Replicas.threads(2).retryRunning()).load()) {
      Generator generator = model.generator().maxNewTokens(8);
      TextStream first = generator.temperature(0).stream("one");
      TextStream second = generator.stream("two");
      await(bothReached);
      provider.kill(0);
      release.countDown();
      String pieces = first.stream().map(TextDelta::text).collect(Collectors.joining());
      assertThat(pieces).isEqualTo(lettersAfter("one", 8));
      assertThat(first.result().text()).isEqualTo(pieces);
      assertThat(second.result().text()).isEqualTo(lettersAfter("two", 8));
    }
  }

  @Test
  void aRepetitionThatWritesSomethingElseFailsTyped() throws Exception {
    AtomicBoolean changed = new AtomicBoolean();
    MortalProvider provider =
        new MortalProvider(
            tokens -> changed.get() ? 'z' : 'a',
            (replica, step) -> {
              if (replica == 0 && step == 4) {
                reached.countDown();
                await(release);
              }
            });
    stage(provider);
    try (Model model = loader().batch(1).replicas(Replicas.threads(2).retryRunning()).load()) {
      TextStream stream = model.generator().temperature(0).maxNewTokens(8).stream("one");
      reached.await();
      changed.set(true);
      provider.kill(0);
      release.countDown();
      assertThatThrownBy(stream::result)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("wrote another text than was delivered before");
      assertThat(model.engineLoad()).isEqualTo(new EngineLoad(0, 0, 0, 1));
    }
  }

  @Test
  void allFailsTypedOnceNoReplicaIsLeft() throws Exception {
    MortalProvider provider = holdBoth(1);
    try (Model model = loader().batch(1).replicas(Replicas.threads(2).retryRunning()).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      List<TextStream> streams =
          IntStream.range(0, 5).mapToObj(i -> generator.stream("prompt " + i)).toList();
      await(bothReached);
      provider.kill(0);
      provider.kill(1);
      release.countDown();
      for (TextStream stream : streams) {
        assertThatThrownBy(stream::result)
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("is dead, as the test asked for.");
      }
      assertThatThrownBy(() -> generator.generate("late"))
          .isInstanceOf(ModelClosedException.class)
          .hasCauseInstanceOf(BackendException.class);
    }
    assertThat(provider.openBackends()).isZero();
  }

  @Test
  void aPromptGoesWhereItsBeginningIs() throws IOException {
    MortalProvider provider = stageReplicas((replica, step) -> {});
    String[] chats = {"a".repeat(64), "b".repeat(64), "c".repeat(64)};
    try (Model model = loader().batch(2).replicas(2).load()) {
      Generator generator = model.generator().maxNewTokens(4);
      for (int turn = 0; turn < 5; turn++) {
        for (int chat = 0; chat < chats.length; chat++) {
          GenerationResult result = generator.generate(chats[chat]);
          int expected = turn == 0 ? 0 : chats[chat].length() - 10;
          assertThat(result.cachedTokens()).as("turn %s", turn).isGreaterThanOrEqualTo(expected);
          chats[chat] += result.text() + "?";
        }
      }
    }
    assertThat(provider.log(0).steps()).isPositive();
  }

  @Test
  void aBusyReplicaIsPassedOverThoughItHasTheBeginning() throws Exception {
    MortalProvider provider = holdBoth(100);
    String prefix = "p".repeat(64);
    try (Model model = loader().batch(4).replicas(2).load()) {
      Generator generator = model.generator().maxNewTokens(200);
      List<TextStream> streams =
          IntStream.range(0, 8).mapToObj(i -> generator.stream(prefix + i)).toList();
      await(bothReached);
      assertThat(provider.log(0).batches().get(98).rows()).hasSizeLessThanOrEqualTo(4);
      assertThat(provider.log(1).batches()).isNotEmpty();
      streams.forEach(TextStream::close);
      release.countDown();
      streams.forEach(TextStream::result);
      assertThat(model.engineLoad()).isEqualTo(new EngineLoad(0, 0, 0, 8));
    }
  }

  @Test
  void aHigherPriorityTakesASlotFromALowerOne() throws Exception {
    holdBoth(2);
    try (Model model = loader().batch(1).replicas(2).load()) {
      Generator generator = model.generator().maxNewTokens(50);
      List<TextStream> low = List.of(generator.stream("one"), generator.stream("two"));
      await(bothReached);
      TextStream urgent = generator.priority(1).maxNewTokens(3).stream("urgent");
      release.countDown();
      assertThat(urgent.result().text()).isEqualTo(lettersAfter("urgent", 3));
      assertThat(low.get(0).result().text()).isEqualTo(lettersAfter("one", 50));
      assertThat(low.get(1).result().text()).isEqualTo(lettersAfter("two", 50));
    }
  }

  @Test
  void whatWaitsCanBeCancelledAndTimesOut() throws Exception {
    holdBoth(1);
    try (Model model = loader().batch(1).replicas(2).queueCapacity(2).load()) {
      Generator generator = model.generator().maxNewTokens(3);
      List<TextStream> running = List.of(generator.stream("one"), generator.stream("two"));
      await(bothReached);
      TextStream cancelled = generator.stream("three");
      TextStream late = generator.timeout(Duration.ofMillis(1)).stream("four");
      assertThat(late.result().finishReason()).isEqualTo(FinishReason.TIMEOUT);
      assertThat(generator.generateAsync("five")).isNotNull();
      assertThatThrownBy(() -> generator.generateAsync("six"))
          .isInstanceOf(QueueFullException.class);
      cancelled.close();
      assertThat(cancelled.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
      release.countDown();
      running.forEach(TextStream::result);
    }
  }

  @Test
  void closingFailsWhatRunsAndWaits() throws Exception {
    MortalProvider provider = holdBoth(2);
    List<LeakCheck> left = new CopyOnWriteArrayList<>();
    Model model = loader().batch(1).replicas(2).onEvents(closes(left)).load();
    List<TextStream> streams =
        IntStream.range(0, 4).mapToObj(i -> model.generator().stream("prompt " + i)).toList();
    await(bothReached);
    assertThat(model.close(Duration.ZERO)).isFalse();
    for (TextStream stream : streams) {
      assertThatThrownBy(stream::result).isInstanceOf(ModelClosedException.class);
    }
    release.countDown();
    assertThat(model.close(Duration.ofSeconds(30))).isTrue();
    assertThat(provider.openBackends()).isZero();
    assertThat(left).hasSize(2).allMatch(LeakCheck::isClean);
    assertThat(model.memory().leaks())
        .hasValueSatisfying(check -> assertThat(check.isClean()).isTrue());
  }

  private static EngineListener closes(List<LeakCheck> left) {
    return new EngineListener() {
      @Override
      public void onClose(LeakCheck check) {
        left.add(check);
      }
    };
  }

  @Test
  void memoryLoadAndInfoCountEveryReplica() throws IOException {
    MortalProvider provider = stageReplicas((replica, step) -> {});
    try (Model one = loader().batch(3).load();
        Model two = loader().batch(3).replicas(2).load()) {
      long alone = one.memory().at(MemoryPhase.AFTER_LOAD).orElseThrow().deviceBytes();
      assertThat(two.memory().at(MemoryPhase.AFTER_LOAD).orElseThrow().deviceBytes())
          .isEqualTo(2 * alone);
      assertThat(two.info().batch()).isEqualTo(6);
      assertThat(two.info().replicas()).containsExactly(Device.cpu(), Device.cpu());
      assertThat(two.engineLoad().slots()).isEqualTo(6);
      assertThat(provider.options(1).threads()).isEqualTo(Math.max(1, PhysicalCores.count() / 2));
    }
  }

  @Test
  void thePlanCountsEveryReplica() throws IOException {
    stageReplicas((replica, step) -> {});
    MemoryPlan one = loader().batch(3).plan();
    MemoryPlan two = loader().batch(3).replicas(2).plan();
    assertThat(two.need().onDevice().weightBytes())
        .isEqualTo(2 * one.need().onDevice().weightBytes());
    assertThat(two.need().onDevice().cacheBytes())
        .isEqualTo(2 * one.need().onDevice().cacheBytes());
    assertThat(two.need().cacheBytesPerSlot()).isEqualTo(one.need().cacheBytesPerSlot());
    assertThat(two.table()).startsWith("2 replicas on [cpu, cpu], each with batch 3");
  }

  @Test
  void listenersKnowTheReplica() throws IOException {
    stageReplicas((replica, step) -> {});
    Set<Integer> told = ConcurrentHashMap.newKeySet();
    EngineListener listener =
        new EngineListener() {
          @Override
          public EngineListener forReplica(int replica) {
            return new EngineListener() {
              @Override
              public void onGeneration(GenerationReport generation) {
                told.add(replica);
              }
            };
          }
        };
    try (Model model = loader().batch(1).replicas(2).onEvents(listener).load()) {
      model.generator().maxNewTokens(2).generate(List.of("one", "two", "three", "four"));
    }
    assertThat(told).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void refusesWhatCantBe() throws IOException {
    assertThatThrownBy(() -> Replicas.threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("replicas is 0; expected 1 to 64");
    assertThatThrownBy(() -> new Replicas(1, false, false, true, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("keepsSpare is for replicas in processes");
    DeviceMap map = DeviceMap.balanced(Device.cpu(), Device.cpu(1));
    assertThatThrownBy(() -> loader().onDevices(map).replicas(2).load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replicas can't be combined with onDevices");
  }
}
