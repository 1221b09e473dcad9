package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.chat.ChatMessage;
import dev.loquat.error.BackendException;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.error.QueueFullException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TextDelta;
import dev.loquat.testkit.scripted.StepHook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AsyncTest extends StagedModels {

  @Test
  void futureGetsTheResultWhileTheCallerIsFree() throws Exception {
    stage(hold(1));
    try (Model model = loader().load()) {
      CompletableFuture<GenerationResult> future =
          model.generator().maxNewTokens(3).generateAsync("one");
      reached.await();
      assertThat(future).isNotDone();
      release.countDown();
      assertThat(future.join().text()).isEqualTo(lettersAfter("one", 3));
    }
  }

  @Test
  void futureGetsTheFailure() throws Exception {
    stage(StepHook.failAt(1));
    try (Model model = loader().load()) {
      CompletableFuture<GenerationResult> future = model.generator().generateAsync("one");
      assertThatThrownBy(future::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(BackendException.class);
    }
  }

  @Test
  void cancelledFutureFreesItsSlot() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(1).load()) {
      CompletableFuture<GenerationResult> future =
          model.generator().maxNewTokens(1000).generateAsync("one");
      reached.await();
      future.cancel(true);
      release.countDown();
      assertThat(model.generator().maxNewTokens(2).generate("two").text())
          .isEqualTo(lettersAfter("two", 2));
    }
  }

  @Test
  void futuresOfChatsAndSamplesGetWhatCallsThatWaitGet() throws Exception {
    stage(StepHook.none());
    List<ChatMessage> messages = List.of(ChatMessage.user("one"));
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(5).temperature(5).seed(3);
      assertThat(generator.chatAsync(messages).join().tokenIds())
          .isEqualTo(generator.chat(messages).tokenIds());
      List<List<Integer>> samples = tokenIds(generator.samples("one", 3));
      assertThat(samples).doesNotHaveDuplicates();
      assertThat(tokenIds(generator.samplesAsync("one", 3).join())).isEqualTo(samples);
    }
  }

  @Test
  void futureOfSeveralPromptsGetsTheirResultsInOrder() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(4);
      List<String> prompts = List.of("a", "b", "c");
      assertThat(generator.generateAsync(prompts).join())
          .extracting(GenerationResult::text)
          .isEqualTo(prompts.stream().map(prompt -> lettersAfter(prompt, 4)).toList());
      assertThat(generator.generateAsync(List.of()).join()).isEmpty();
    }
  }

  @Test
  void futuresOfBeamsAndScoresGetWhatCallsThatWaitGet() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(3).contextLength(40).load()) {
      Generator generator = model.generator().maxNewTokens(6);
      BeamOptions beams = BeamOptions.of(3);
      assertThat(generator.beamSearchAsync("one", beams).join())
          .isEqualTo(generator.beamSearch("one", beams));
      String text = "a text that is longer than the context of forty tokens";
      assertThat(generator.scoreAsync(text).join()).isEqualTo(generator.score(text));
    }
  }

  @Test
  void cancelledScoreAndBeamsLeaveTheQueue() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(1).queueCapacity(2).load()) {
      Generator generator = model.generator().maxNewTokens(2);
      CompletableFuture<GenerationResult> running = generator.generateAsync("one");
      CompletableFuture<?> beams = generator.beamSearchAsync("two", BeamOptions.of(1));
      CompletableFuture<?> score = generator.scoreAsync("three");
      assertThatThrownBy(() -> generator.scoreAsync("four")).isInstanceOf(QueueFullException.class);
      beams.cancel(false);
      score.cancel(false);
      release.countDown();
      assertThat(running.join().text()).isEqualTo(lettersAfter("one", 2));
      assertThat(generator.generate("five").text()).isEqualTo(lettersAfter("five", 2));
    }
  }

  private static List<List<Integer>> tokenIds(List<GenerationResult> results) {
    return results.stream().map(GenerationResult::tokenIds).toList();
  }

  @Test
  void samplesEndTogetherWhenCancelled() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(1).queueCapacity(2).load()) {
      Generator generator = model.generator().maxNewTokens(1000);
      CompletableFuture<List<GenerationResult>> samples = generator.samplesAsync("one", 3);
      reached.await();
      samples.cancel(true);
      release.countDown();
      assertThat(generator.maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
      assertThat(model.engineLoad().waitingSequences()).isZero();
    }
  }

  @Test
  void theFailureOfOneSampleIsThatOfAll() throws Exception {
    stage(hold(1).then(StepHook.failAt(2)));
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().maxNewTokens(1000);
      CompletableFuture<List<GenerationResult>> samples = generator.samplesAsync("one", 3);
      release.countDown();
      assertThatThrownBy(samples::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(BackendException.class);
      assertThat(generator.maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void samplesThatTheQueueCannotTakeAreRefusedTogether() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(1).queueCapacity(1).load()) {
      Generator generator = model.generator().maxNewTokens(1000);
      assertThatThrownBy(() -> generator.samplesAsync("one", 3))
          .isInstanceOf(QueueFullException.class);
      release.countDown();
      assertThat(generator.maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void executorThatRefusesFailsTheFutureOnly() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(3);
      CompletableFuture<GenerationResult> future =
          generator.generateAsync(
              "one",
              task -> {
                throw new RejectedExecutionException("closed");
              });
      assertThatThrownBy(future::join).hasCauseInstanceOf(RejectedExecutionException.class);
      assertThat(generator.generate("two").text()).isEqualTo(lettersAfter("two", 3));
    }
  }

  @Test
  void subscriberIsToldOfAnExecutorThatRefusesOnce() throws Exception {
    stage(hold(1));
    AtomicInteger tasks = new AtomicInteger();
    Executor refusingTheThird =
        task -> {
          if (tasks.incrementAndGet() == 3) {
            throw new RejectedExecutionException("full");
          }
          task.run();
        };
    try (Model model = loader().batch(1).load()) {
      Collector collector = new Collector();
      model.generator().publisher("one", refusingTheThird).subscribe(collector);
      collector.request(Long.MAX_VALUE);
      release.countDown();
      collector.ended.await();
      assertThat(collector.failures).singleElement().isInstanceOf(RejectedExecutionException.class);
      assertThat(model.generator().maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void futureCostsItsExecutorOneTask() throws Exception {
    stage(StepHook.none());
    AtomicInteger tasks = new AtomicInteger();
    try (Model model = loader().load()) {
      GenerationResult result =
          model
              .generator()
              .maxNewTokens(50)
              .generateAsync(
                  "one",
                  task -> {
                    tasks.incrementAndGet();
                    task.run();
                  })
              .join();
      assertThat(result.newTokens()).isEqualTo(50);
      assertThat(tasks).hasValue(1);
    }
  }

  @Test
  void fullQueueRefusesCallsThatDoNotWait() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(1).queueCapacity(1).load()) {
      Generator generator = model.generator().maxNewTokens(1);
      CompletableFuture<GenerationResult> running = generator.generateAsync("one");
      reached.await();
      CompletableFuture<GenerationResult> waiting = generator.generateAsync("two");
      assertThatThrownBy(() -> generator.generateAsync("three"))
          .isInstanceOf(QueueFullException.class)
          .hasMessage(
              "1 requests wait for a slot, as many as the queue holds. Submit again when some have"
                  + " ended, or load the model with a greater queueCapacity or batch.");
      release.countDown();
      assertThat(running.join().text()).isEqualTo(lettersAfter("one", 1));
      assertThat(waiting.join().text()).isEqualTo(lettersAfter("two", 1));
      assertThat(generator.generateAsync("four").join().newTokens()).isEqualTo(1);
    }
  }

  @Test
  void aBurstOfAsManyAsThereAreSlotsAndPlacesIsTakenIn() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(3).queueCapacity(4).load()) {
      Generator generator = model.generator().maxNewTokens(1);
      List<CompletableFuture<GenerationResult>> burst =
          Stream.generate(() -> generator.generateAsync("a")).limit(7).toList();
      assertThatThrownBy(() -> generator.generateAsync("b")).isInstanceOf(QueueFullException.class);
      release.countDown();
      assertThat(burst).allSatisfy(future -> assertThat(future.join().newTokens()).isEqualTo(1));
    }
  }

  @Test
  void anActionThatBlocksHoldsUpNoOtherCaller() throws Exception {
    stage(hold(1));
    CountDownLatch other = new CountDownLatch(1);
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(1);
      CompletableFuture<Boolean> blocked =
          generator.generateAsync("one").thenApply(result -> ended(other));
      release.countDown();
      generator.generateAsync("two").thenRun(other::countDown).join();
      assertThat(blocked.join()).isTrue();
    }
  }

  private static boolean ended(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void subscribersAreCalledByTheExecutorThatWasGiven() throws Exception {
    stage(StepHook.none());
    AtomicInteger tasks = new AtomicInteger();
    try (Model model = loader().load()) {
      Collector collector = new Collector();
      model
          .generator()
          .maxNewTokens(5)
          .publisher(
              "one",
              task -> {
                tasks.incrementAndGet();
                ForkJoinPool.commonPool().execute(task);
              })
          .subscribe(collector);
      collector.request(Long.MAX_VALUE);
      collector.ended.await();
      assertThat(collector.text()).isEqualTo(lettersAfter("one", 5));
      assertThat(tasks).hasPositiveValue();
    }
  }

  @Test
  void callsThatWaitTakeMorePromptsThanTheQueueHolds() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(2).queueCapacity(1).load()) {
      List<String> prompts = List.of("a", "b", "c", "d", "e", "f", "g");
      assertThat(model.generator().maxNewTokens(4).generate(prompts))
          .extracting(GenerationResult::text)
          .isEqualTo(prompts.stream().map(prompt -> lettersAfter(prompt, 4)).toList());
    }
  }

  @Test
  void subscriberGetsTheAnswerOfAChat() throws Exception {
    stage(StepHook.none());
    List<ChatMessage> messages = List.of(ChatMessage.user("one"));
    try (Model model = loader().load()) {
      Collector collector = new Collector();
      model.generator().maxNewTokens(5).chatPublisher(messages).subscribe(collector);
      collector.request(Long.MAX_VALUE);
      collector.ended.await();
      assertThat(collector.text())
          .isEqualTo(model.generator().maxNewTokens(5).chat(messages).text());
    }
  }

  @Test
  void subscriberGetsNoMoreThanItAsksFor() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Collector collector = new Collector();
      model.generator().maxNewTokens(5).publisher("one").subscribe(collector);
      collector.await(2);
      assertThat(model.generator().maxNewTokens(5).generate("two").newTokens()).isEqualTo(5);
      assertThat(collector.pieces).hasSize(2);
      collector.request(Long.MAX_VALUE);
      collector.ended.await();
      assertThat(collector.text()).isEqualTo(lettersAfter("one", 5));
      assertThat(collector.failures).isEmpty();
    }
  }

  @Test
  void subscriberIsToldOfAFailure() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Collector collector = new Collector();
      model.generator().publisher("x".repeat(3 * CONTEXT)).subscribe(collector);
      collector.ended.await();
      assertThat(collector.failures).singleElement().isInstanceOf(PromptTooLongException.class);
    }
  }

  @Test
  void subscriberThatAsksForNothingAtAllIsToldSo() throws Exception {
    stage(hold(1));
    try (Model model = loader().load()) {
      Collector collector = new Collector();
      model.generator().publisher("one").subscribe(collector);
      collector.request(0);
      collector.ended.await();
      release.countDown();
      assertThat(collector.failures)
          .singleElement()
          .isInstanceOf(IllegalArgumentException.class)
          .extracting(Throwable::getMessage)
          .isEqualTo("request(0); expected more than 0");
    }
  }

  @Test
  void streamOfTheJdkEndsTheGenerationWhenItIsClosed() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().maxNewTokens(1000);
      try (var text = generator.stream("one").stream()) {
        assertThat(text.limit(3).map(TextDelta::text).collect(Collectors.joining()))
            .isEqualTo(lettersAfter("one", 3));
      }
      assertThat(generator.maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
    }
  }

  /** Asks for two pieces, then for what the test wants. */
  private static final class Collector implements Flow.Subscriber<TextDelta> {
    final List<String> pieces = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch two = new CountDownLatch(2);
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    void await(int count) throws InterruptedException {
      assertThat(count).isEqualTo(2);
      two.await();
    }

    void request(long count) {
      subscription.join().request(count);
    }

    String text() {
      return String.join("", pieces);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      newSubscription.request(2);
      subscription.complete(newSubscription);
    }

    @Override
    public void onNext(TextDelta delta) {
      pieces.add(delta.text());
      two.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      failures.add(failure);
      ended.countDown();
    }

    @Override
    public void onComplete() {
      ended.countDown();
    }
  }
}
