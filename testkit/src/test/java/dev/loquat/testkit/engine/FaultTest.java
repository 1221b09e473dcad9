package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.StepReport;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.mutation.SessionDecorator;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is thrown on the engine's thread, every caller is told its end. */
class FaultTest extends StagedModels {

  static Stream<Throwable> contained() {
    return Stream.of(
        new IllegalStateException("a state"),
        new NullPointerException("a null"),
        new IOException("of a language without checked exceptions"),
        new OutOfMemoryError("Cannot reserve direct memory"),
        new StackOverflowError("deep"),
        new UnsatisfiedLinkError("a symbol"),
        new AssertionError("an assertion"));
  }

  @ParameterizedTest
  @MethodSource("contained")
  void faultInAStepFailsItsGenerationWithTheCauseAndNoOther(Throwable fault) throws Exception {
    stage((step, batch) -> throwIf(step == 2, fault));
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(5);
      assertThatThrownBy(() -> generator.generate("one"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(String.valueOf(fault.getMessage()))
          .hasRootCause(fault);
      assertThat(generator.generate("two").text()).isEqualTo(lettersAfter("two", 5));
    }
  }

  @Test
  void backendThatComputesNothingAnyMoreEndsTheEngineAndReleasesEveryCaller() throws Exception {
    stage(hold(2).then((step, batch) -> throwIf(step >= 2, new BackendException("lost"))));
    try (Model model = loader().batch(2).load()) {
      List<CompletableFuture<GenerationResult>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        calls.add(model.generator().generateAsync("prompt " + i));
      }
      reached.await();
      release.countDown();
      for (CompletableFuture<GenerationResult> call : calls) {
        assertThatThrownBy(call::join).cause().isInstanceOf(BackendException.class);
      }
      assertThatThrownBy(() -> calls.get(5).join())
          .cause()
          .hasMessageContaining("computes nothing any more")
          .hasRootCauseMessage("lost");
      assertThatThrownBy(() -> model.generator().generate("late"))
          .isInstanceOf(ModelClosedException.class)
          .hasMessageContaining("computes nothing any more");
    }
  }

  @Test
  void errorOfTheVirtualMachineEndsTheEngine() throws Exception {
    stage((step, batch) -> throwIf(step == 2, new InternalError("a fault in memory")));
    try (Model model = loader().load()) {
      assertThatThrownBy(() -> model.generator().generate("one"))
          .isInstanceOf(BackendException.class)
          .hasMessage("The engine stopped unexpectedly; load the model again.")
          .hasRootCauseMessage("a fault in memory");
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void missingLogitsFailTheGeneration() throws IOException {
    spoilFirst(logits -> null);
    assertOnlyFirstFails("The backend returned no logits; expected them.");
  }

  @Test
  void tooFewRowsOfLogitsFailTheGeneration() throws IOException {
    spoilFirst(logits -> new Shape(0, logits.vocabularySize(), logits));
    assertOnlyFirstFails("The backend returned logits of shape [0, 272]; expected [1, 272].");
  }

  @Test
  void narrowLogitsFailTheGeneration() throws IOException {
    spoilFirst(logits -> new Shape(1, 7, logits));
    assertOnlyFirstFails("The backend returned logits of shape [1, 7]; expected [1, 272].");
  }

  @Test
  @SuppressWarnings("NullAway")
  void logitsThatCannotBeReadFailTheGeneration() throws IOException {
    spoilFirst(logits -> new Shape(1, logits.vocabularySize(), null));
    assertOnlyFirstFails("NullPointerException");
  }

  @Test
  void backendThatCannotCountItsBytesIsUsedAllTheSame() throws Exception {
    List<Long> bytes = new ArrayList<>();
    stageBackend(
        right ->
            new BackendDecorator(right) {
              private boolean loaded;

              @Override
              public long allocatedBytes() {
                throwIf(loaded, new IllegalStateException("no count"));
                loaded = true;
                return 0;
              }
            });
    EngineListener listener =
        new EngineListener() {
          @Override
          public void onStep(StepReport step) {
            bytes.add(step.deviceBytes());
          }
        };
    try (Model model = loader().onEvents(listener).load()) {
      assertThat(model.generator().maxNewTokens(3).generate("one").text())
          .isEqualTo(lettersAfter("one", 3));
    }
    assertThat(bytes).isNotEmpty().containsOnly(-1L);
  }

  @Test
  void listenerWithoutMemoryOrNameIsToldNothingMore() throws Exception {
    stage(StepHook.none());
    EngineListener bad =
        new EngineListener() {
          @Override
          public void onStep(StepReport step) {
            throw new OutOfMemoryError("A listener without memory, as the test asked for");
          }

          @Override
          public String toString() {
            throw new IllegalStateException("no name");
          }
        };
    try (Model model = loader().onEvents(bad).load()) {
      assertThat(model.generator().maxNewTokens(3).generate("one").newTokens()).isEqualTo(3);
    }
  }

  @Test
  void backendThatFailsAtItsCloseDoesNotFailTheCaller() throws Exception {
    stageBackend(
        right ->
            new BackendDecorator(right) {
              @Override
              public void close() {
                super.close();
                throw new IllegalStateException("A close that throws, as the test asked for");
              }
            });
    Model model = loader().load();
    model.close();
    assertThatThrownBy(() -> model.generator().generate("one"))
        .isInstanceOf(ModelClosedException.class);
  }

  /** Random faults at random steps of random load; what does not fail has the right text. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyCallEndsOnceWithItsTextOrAFailure(long seed) throws Exception {
    Random random = new Random(seed);
    List<Throwable> faults = contained().toList();
    stage(
        (step, batch) -> {
          boolean isSoundnessCheck = batch.rows().get(0).endPosition() == 1;
          boolean fails = random.nextInt(5) == 0 && !isSoundnessCheck;
          throwIf(fails, faults.get(random.nextInt(faults.size())));
        });
    try (Model model = loader().batch(1 + (int) (seed % 4)).load()) {
      List<CompletableFuture<GenerationResult>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        calls.add(model.generator().maxNewTokens(1 + i % 7).generateAsync("prompt " + i));
      }
      for (int i = 0; i < 40; i++) {
        assertEnded(calls.get(i), "prompt " + i, 1 + i % 7);
      }
    }
  }

  private static void assertEnded(
      CompletableFuture<GenerationResult> call, String prompt, int newTokens) {
    try {
      GenerationResult result = call.join();
      assertThat(result.finishReason()).isEqualTo(FinishReason.MAX_NEW_TOKENS);
      assertThat(result.text()).isEqualTo(lettersAfter(prompt, newTokens));
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LoquatException.class);
    }
  }

  private void assertOnlyFirstFails(String message) throws IOException {
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(4);
      assertThatThrownBy(() -> generator.generate("one"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(message);
      assertThat(generator.generate("two").text()).isEqualTo(lettersAfter("two", 4));
    }
  }

  private void spoilFirst(UnaryOperator<Logits> spoil) {
    stageBackend(
        right ->
            new BackendDecorator(right) {
              @Override
              public DecoderSession openSession(CacheLayout layout) {
                return new SpoiltSession(super.openSession(layout), spoil);
              }
            });
  }

  private void stageBackend(UnaryOperator<Backend> decorator) {
    stage(
        new ProviderDecorator(lettersProvider()) {
          @Override
          public Backend open(Checkpoint checkpoint, BackendOptions options) {
            return decorator.apply(super.open(checkpoint, options));
          }
        });
  }

  private static final class SpoiltSession extends SessionDecorator {
    private final UnaryOperator<Logits> spoil;
    private boolean isSpoilt;

    SpoiltSession(DecoderSession right, UnaryOperator<Logits> spoil) {
      super(right);
      this.spoil = spoil;
    }

    @Override
    public Logits forward(ForwardBatch batch) {
      Logits logits = super.forward(batch);
      if (isSpoilt) {
        return logits;
      }
      isSpoilt = true;
      return spoil.apply(logits);
    }
  }

  private record Shape(int rows, int vocabularySize, Logits right) implements Logits {

    @Override
    public void read(int row, float[] destination) {
      right.read(row, destination);
    }
  }

  private static void throwIf(boolean condition, Throwable fault) {
    if (condition) {
      FaultTest.<RuntimeException>sneak(fault);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable fault) throws T {
    throw (T) fault;
  }
}
