package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.SamplingException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TextDelta;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a caller does wrong is that caller's failure, and nobody else's. */
class HostileCallerTest extends StagedModels {

  @Test
  void chatWithoutAMessageIsRefused() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.generator().chat(List.of()))
          .withMessage("messages is empty; expected one message or more");
    }
  }

  @Test
  void beamSearchWithAnUnknownTokenIsRefused() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThatThrownBy(
              () -> model.generator().forcedTokens(100_000).beamSearch("one", BeamOptions.of(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("forcedTokens has token 100000; the vocabulary has 272 tokens");
      assertThatThrownBy(() -> model.generator().stopTokens(272).generate("Once"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("stopTokens has token 272; the vocabulary has 272 tokens");
      assertThatThrownBy(() -> model.generator().bannedTokens(272).generate("Once"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("bannedTokens has token 272; the vocabulary has 272 tokens");
      assertThat(model.generator().maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void promptTokenBeyondTheVocabularyIsRefused() throws Exception {
    stage(StepHook.none());
    Path checkpoint = TinyCheckpoint.llama().layers(1).contextLength(CONTEXT).writeTo(folder);
    addToken(checkpoint.resolve("tokenizer.json"), "<big>", 5000);
    try (Model model = Loquat.model(checkpoint).backend(StagedProvider.NAME).load()) {
      assertThatThrownBy(() -> model.generator().generate("hi <big>"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(
              "The tokenizer gives token id 5000, but the model has 272 tokens (vocab_size).");
      assertThat(model.generator().maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void executorThatThrowsAnErrorFailsItsFutureOnly() throws Exception {
    stage(StepHook.none());
    Executor exhausted =
        task -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(3);
      CompletableFuture<GenerationResult> first = generator.generateAsync("one", exhausted);
      CompletableFuture<GenerationResult> second = generator.generateAsync("two", exhausted);
      assertThatThrownBy(first::join).hasCauseInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(second::join).hasCauseInstanceOf(OutOfMemoryError.class);
      assertThat(generator.generate("three").text()).isEqualTo(lettersAfter("three", 3));
    }
  }

  @Test
  void modelMayBeClosedByAnActionOnItsOwnThread() throws Exception {
    stage(hold(1));
    Model model = loader().load();
    CompletableFuture<Void> closing =
        model.generator().maxNewTokens(1).generateAsync("one", Runnable::run).thenRun(model::close);
    TextStream other = model.generator().stream("two");
    reached.await();
    release.countDown();
    closing.join();
    assertThatThrownBy(other::result).isInstanceOf(ModelClosedException.class);
    model.close();
  }

  @Test
  void callThatWouldWaitForItselfIsRefused() throws Exception {
    stage(hold(1));
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(1);
      CompletableFuture<GenerationResult> nested =
          generator
              .generateAsync("one", Runnable::run)
              .thenApply(result -> generator.generate("two"));
      reached.await();
      release.countDown();
      assertThatThrownBy(nested::join)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the model's own thread");
      assertThat(generator.generate("three").newTokens()).isEqualTo(1);
    }
  }

  @Test
  void processorThatThrowsAnErrorFailsItsGenerationOnly() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(2);
      assertThatThrownBy(
              () ->
                  generator
                      .logitsProcessors(
                          (history, logits) -> {
                            throw new StackOverflowError();
                          })
                      .generate("one"))
          .isInstanceOf(SamplingException.class);
      assertThat(generator.generate("two").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void subscriberThatThrowsGivesItsSlotBack() throws Exception {
    stage(StepHook.none());
    CountDownLatch thrown = new CountDownLatch(1);
    try (Model model = loader().batch(1).load()) {
      model.generator().maxNewTokens(2000).publisher("one").subscribe(new Thrower(thrown));
      thrown.await();
      assertThat(model.generator().maxNewTokens(2).generate("two").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void wrongRequestStartsNoGeneration() throws Exception {
    ScriptedBackendProvider backend = stage(StepHook.none());
    CountDownLatch poolIsFree = new CountDownLatch(1);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    try (Model model = loader().batch(1).load()) {
      occupyCommonPool(poolIsFree);
      model.generator().maxNewTokens(1900).publisher("one").subscribe(new Beggar(failure, 0));
      poolIsFree.countDown();
      assertThat(failure.get()).hasMessage("request(0); expected more than 0");
      model.generator().maxNewTokens(1).generate("two");
      assertThat(backend.log().batches()).hasSize(1);
    }
  }

  @Test
  void firstOfSeveralWrongRequestsIsReported() throws Exception {
    stage(StepHook.none());
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    try (Model model = loader().load()) {
      model.generator().publisher("one").subscribe(new Beggar(failure, 0, -7));
      assertThat(failure.get()).hasMessage("request(0); expected more than 0");
    }
  }

  @Test
  void interruptThatAProcessorLeavesConcernsNobody() throws Exception {
    stage(
        (step, batch) -> {
          if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("A backend that waits, as the test asked for");
          }
        });
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(3);
      String text =
          generator
              .logitsProcessors((history, logits) -> Thread.currentThread().interrupt())
              .generate("one")
              .text();
      assertThat(text).isEqualTo(lettersAfter("one", 3));
      assertThat(generator.generate("two").text()).isEqualTo(lettersAfter("two", 3));
    }
  }

  @Test
  void noMemoryIsTakenForTextsThatHaveNotBegun() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> model.generator().samples("one", Integer.MAX_VALUE))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void textHeldBackForAStopSequenceIsThereAtTheTimeout() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(1).load()) {
      String letters = lettersAfter("one", 400);
      GenerationResult result =
          model
              .generator()
              .maxNewTokens(1900)
              .stop(letters + "!")
              .timeout(Duration.ofMillis(200))
              .generate("one");
      assertThat(result.finishReason()).isIn(FinishReason.TIMEOUT, FinishReason.MAX_NEW_TOKENS);
      assertThat(result.text()).hasSize(result.newTokens());
    }
  }

  @Test
  void nullsAreNamed() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThatThrownBy(
              () -> model.generator().generateAsync("one", HostileCallerTest.<Executor>nothing()))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("executor");
      assertThatThrownBy(() -> model.generator().timeout(nothing()))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("timeout");
      assertThatThrownBy(() -> model.generator().generate(HostileCallerTest.<String>nothing()))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("prompt");
      assertThatThrownBy(() -> model.generator().stop("end", nothing()))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("sequence");
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return (T) null;
  }

  private static void addToken(Path tokenizer, String content, int id) throws IOException {
    String json = Files.readString(tokenizer);
    int vocabulary = json.indexOf('{', json.indexOf("\"vocab\"")) + 1;
    String entry = "\"" + content + "\":" + id + ",";
    json = json.substring(0, vocabulary) + entry + json.substring(vocabulary);
    int added = json.indexOf('[', json.indexOf("\"added_tokens\"")) + 1;
    String token =
        ("{\"id\":%d,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                + "\"normalized\":false,\"special\":true}")
            .formatted(id, content);
    String rest = json.substring(added);
    String comma = rest.strip().startsWith("]") ? "" : ",";
    Files.writeString(tokenizer, json.substring(0, added) + token + comma + rest);
  }

  private static void occupyCommonPool(CountDownLatch end) {
    for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
      ForkJoinPool.commonPool().execute(() -> await(end));
    }
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for what is not allowed. */
  private record Beggar(CompletableFuture<Throwable> failure, List<Long> counts)
      implements Flow.Subscriber<TextDelta> {

    Beggar(CompletableFuture<Throwable> failure, long... counts) {
      this(failure, LongStream.of(counts).boxed().toList());
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      counts.forEach(subscription::request);
    }

    @Override
    public void onNext(TextDelta delta) {}

    @Override
    public void onError(Throwable cause) {
      failure.complete(cause);
    }

    @Override
    public void onComplete() {}
  }

  private record Thrower(CountDownLatch thrown) implements Flow.Subscriber<TextDelta> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(TextDelta delta) {
      thrown.countDown();
      throw new IllegalStateException("A subscriber that throws, as the test asked for");
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
