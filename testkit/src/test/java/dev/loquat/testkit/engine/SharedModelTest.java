package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Loquat;
import dev.loquat.ModelLoader;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.error.BackendException;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedModelTest extends StagedModels {

  @AfterEach
  void closeSharedModels() {
    Loquat.closeSharedModels();
  }

  @Test
  void oneLineCallsWithEqualOptionsShareOneModel() throws IOException {
    ScriptedBackendProvider backend = stage(StepHook.none());
    assertThat(loader().contextLength(20).generate("Once", "Twice"))
        .extracting(GenerationResult::text)
        .containsExactly(lettersAfter("Once", 16), lettersAfter("Twice", 15));
    loader().contextLength(20).generate("Once");
    assertThat(backend.log().openBackends()).isEqualTo(1);
    loader().contextLength(21).generate("Once");
    assertThat(backend.log().openBackends()).isEqualTo(2);
  }

  @Test
  void closedSharedModelsAreLoadedAgain() throws IOException {
    ScriptedBackendProvider backend = stage(StepHook.none());
    ModelLoader loader = loader().contextLength(20);
    loader.generate("Once");
    Loquat.closeSharedModels();
    assertThat(backend.log().openBackends()).isZero();
    assertThat(backend.log().openSessions()).isZero();
    loader.generate("Once");
    assertThat(backend.log().openBackends()).isEqualTo(1);
  }

  @Test
  void modelWhoseEngineHasJustDiedIsLoadedAgain() throws Exception {
    ModelLoader loader = loader().contextLength(20);
    stage(dyingSlowly());
    assertThatThrownBy(() -> loader.generate("Once")).isInstanceOf(BackendException.class);
    reached.await();
    Caller second = Caller.start(loader, lettersProvider());
    second.awaitState(Thread.State.TIMED_WAITING);
    release.countDown();
    assertThat(second.text().join()).isEqualTo(lettersAfter("Once", 16));
  }

  /** A backend that computes nothing and takes as long to close as the test wants. */
  private BackendProvider dyingSlowly() {
    StepHook dead =
        (step, batch) -> {
          throw new BackendException("dead");
        };
    return new ProviderDecorator(new ScriptedBackendProvider(Script::checksum, dead)) {
      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        return new BackendDecorator(super.open(checkpoint, options)) {
          @Override
          public void close() {
            reached.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            super.close();
          }
        };
      }
    };
  }

  @Test
  void callerThatWaitsForAnothersLoadCanBeInterrupted() throws Exception {
    ModelLoader loader = loader().contextLength(20);
    Caller first = Caller.start(loader, held());
    reached.await();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> loader.generate("Twice"))
        .isInstanceOf(CancellationException.class)
        .hasMessage("Interrupted while another call loads the model");
    assertThat(Thread.interrupted()).isTrue();
    release.countDown();
    assertThat(first.text().join()).isEqualTo(lettersAfter("Once", 16));
  }

  @Test
  void interruptedLoadFailsItsOwnCallerOnly() throws Exception {
    ModelLoader loader = loader().contextLength(20);
    Caller first = Caller.start(loader, held());
    reached.await();
    Caller second = Caller.start(loader, lettersProvider());
    second.awaitState(Thread.State.WAITING);
    first.thread().interrupt();
    assertThatThrownBy(() -> first.text().join()).hasCauseInstanceOf(BackendException.class);
    assertThat(second.text().join()).isEqualTo(lettersAfter("Once", 16));
  }

  @Test
  void failedLoadIsNotKept() throws Exception {
    ModelLoader loader = loader().contextLength(20);
    stage(
        new ProviderDecorator() {
          @Override
          public Backend open(Checkpoint checkpoint, BackendOptions options) {
            throw new BackendException("no room");
          }
        });
    assertThatThrownBy(() -> loader.generate("Once")).hasMessage("no room");
    ScriptedBackendProvider backend = stage(StepHook.none());
    assertThat(loader.generate("Once").get(0).text()).isEqualTo(lettersAfter("Once", 16));
    assertThat(backend.log().openBackends()).isEqualTo(1);
  }

  @Test
  void modelThatIsLoadedWhileAllAreClosedServesItsCallerAndIsClosedAfterwards() throws Exception {
    ModelLoader loader = loader().contextLength(20);
    ScriptedBackendProvider backend = lettersProvider();
    Caller first = Caller.start(loader, held(backend));
    reached.await();
    Loquat.closeSharedModels();
    release.countDown();
    assertThat(first.text().join()).isEqualTo(lettersAfter("Once", 16));
    first.thread().join();
    assertThat(backend.log().openBackends()).isZero();
  }

  private BackendProvider held() {
    return held(lettersProvider());
  }

  /** A backend that takes as long to load as the test wants. */
  private BackendProvider held(BackendProvider right) {
    return new ProviderDecorator(right) {
      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        reached.countDown();
        try {
          if (!release.await(30, TimeUnit.SECONDS)) {
            throw new BackendException("The load was never released.");
          }
        } catch (InterruptedException e) {
          throw new BackendException("Interrupted, as the test asked for.", e);
        }
        return super.open(checkpoint, options);
      }
    };
  }

  /** A one-line call on a thread of its own. */
  private record Caller(Thread thread, CompletableFuture<String> text) {

    static Caller start(ModelLoader loader, BackendProvider backend) {
      CompletableFuture<String> text = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                StagedProvider.put(backend);
                try {
                  text.complete(loader.generate("Once").get(0).text());
                } catch (RuntimeException e) {
                  text.completeExceptionally(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
      return new Caller(thread, text);
    }

    void awaitState(Thread.State state) {
      while (thread.isAlive() && thread.getState() != state) {
        Thread.onSpinWait();
      }
    }
  }
}
