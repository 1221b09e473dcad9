package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.SamplingException;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TextDelta;
import dev.loquat.testkit.scripted.StepHook;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** On the engine's own thread nothing is waited for that only this thread can bring about. */
class OwnThreadTest extends StagedModels {
  private static final String REFUSAL = "the model's own thread";

  @Test
  void subscriberThatReadsAnotherStreamThereIsRefused() throws Exception {
    stage(hold(1));
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream other = generator.stream("other");
      Reader reader = new Reader(other);
      generator.publisher("one", Runnable::run).subscribe(reader);
      release.countDown();
      assertThat(reader.refusal.join())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(REFUSAL);
      assertThat(other.result().text()).isEqualTo(lettersAfter("other", 5));
    }
  }

  @Test
  void processorThatWaitsForAFutureFailsItsGenerationOnly() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(3);
      List<Function<CompletableFuture<?>, Object>> waits =
          List.of(
              CompletableFuture::join,
              future -> unchecked(future::get),
              future -> unchecked(() -> future.get(1, TimeUnit.DAYS)),
              future -> future.thenApply(result -> result).join());
      for (Function<CompletableFuture<?>, Object> wait : waits) {
        LogitsProcessor waiting =
            (history, logits) -> {
              Object unused = wait.apply(generator.generateAsync("nested"));
            };
        assertThatThrownBy(() -> generator.logitsProcessors(waiting).generate("one"))
            .isInstanceOf(SamplingException.class)
            .hasMessageContaining(REFUSAL);
      }
      assertThat(generator.generate("two").text()).isEqualTo(lettersAfter("two", 3));
    }
  }

  @Test
  void processorMayTakeWhatHasEnded() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(3);
      TextStream ended = generator.stream("ended");
      CompletableFuture<GenerationResult> done = generator.generateAsync("done");
      assertThat(done.join()).isNotNull();
      generator.generate("after both");
      LogitsProcessor reading =
          (history, logits) -> {
            assertThat(ended.result().newTokens()).isEqualTo(3);
            assertThat(done.join().newTokens()).isEqualTo(3);
          };
      assertThat(generator.logitsProcessors(reading).generate("one").newTokens()).isEqualTo(3);
    }
  }

  private interface Wait {
    Object forEnd() throws Exception;
  }

  private static Object unchecked(Wait wait) {
    try {
      return wait.forEnd();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Reads a stream when it gets its first piece. */
  private static final class Reader implements Flow.Subscriber<TextDelta> {
    final CompletableFuture<Throwable> refusal = new CompletableFuture<>();
    private final TextStream other;

    Reader(TextStream other) {
      this.other = other;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(TextDelta delta) {
      try {
        GenerationResult unused = other.result();
      } catch (IllegalStateException e) {
        refusal.complete(e);
      }
    }

    @Override
    public void onError(Throwable failure) {
      refusal.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      refusal.completeExceptionally(new AssertionError("The stream was read"));
    }
  }
}
