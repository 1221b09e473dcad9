package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.TextStream;
import dev.loquat.error.BackendException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.StepReport;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What listeners do to the engine on whose thread they are called. */
class ListenerFaultTest extends StagedModels {

  private static EngineListener onStep(Runnable action) {
    return new EngineListener() {
      @Override
      public void onStep(StepReport step) {
        action.run();
      }
    };
  }

  @Test
  void aListenerMayCloseTheModel() throws Exception {
    for (int replicas : new int[] {1, 2}) {
      ScriptedBackendProvider backend = stage(StepHook.none());
      CompletableFuture<Model> loaded = new CompletableFuture<>();
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      EngineListener closing =
          onStep(() -> closed.complete(loaded.join().close(Duration.ofDays(1))));
      Model model = loader().replicas(replicas).onEvents(closing).load();
      TextStream running = model.generator().maxNewTokens(50).stream("Once");
      loaded.complete(model);
      assertThat(closed.get(20, TimeUnit.SECONDS))
          .as("whether it waited for its own thread")
          .isFalse();
      assertThatThrownBy(running::result).isInstanceOf(ModelClosedException.class);
      assertThat(model.close(Duration.ofSeconds(30))).isTrue();
      assertThat(backend.log().openSessions()).isZero();
      assertThat(backend.log().openBackends()).isZero();
    }
  }

  @Test
  void anErrorOfAListenerEndsOnlyTheListener() throws Exception {
    for (Error error :
        List.of(
            new AssertionError("wrong"),
            new NoClassDefFoundError("gone"),
            new StackOverflowError())) {
      stage(StepHook.none());
      AtomicInteger calls = new AtomicInteger();
      AtomicInteger others = new AtomicInteger();
      EngineListener failing =
          onStep(
              () -> {
                calls.incrementAndGet();
                throw error;
              });
      ModelLoader loader = loader().onEvents(failing).onEvents(onStep(others::incrementAndGet));
      try (Model model = loader.load()) {
        assertThat(model.generator().maxNewTokens(5).generate("Once").text())
            .isEqualTo(lettersAfter("Once", 5));
      }
      assertThat(calls).hasValue(1);
      assertThat(others).hasValue(5);
    }
  }

  @Test
  void anErrorOfTheVirtualMachineEndsTheEngineAndGivesEverythingBack() throws Exception {
    ScriptedBackendProvider backend = stage(StepHook.none());
    InternalError error = new InternalError("The test's virtual machine is broken.");
    EngineListener failing =
        onStep(
            () -> {
              throw error;
            });
    try (Model model = loader().onEvents(failing).load()) {
      assertThatThrownBy(() -> model.generator().maxNewTokens(5).generate("Once"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("The engine stopped unexpectedly")
          .hasRootCause(error);
    }
    assertThat(backend.log().openSessions()).isZero();
    assertThat(backend.log().openBackends()).isZero();
  }
}
