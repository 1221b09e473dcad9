package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.BackendException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A step that does not end: nobody waits for it longer than it was asked to. */
class StuckBackendTest extends StagedModels {
  private static final Duration SHORT = Duration.ofMillis(100);

  @AfterEach
  void releaseStep() {
    release.countDown();
  }

  @Test
  void callersWithATimeoutAreReleased() throws Exception {
    stage(hold(2));
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().timeout(SHORT);
      TextStream running = generator.stream("one");
      CompletableFuture<GenerationResult> waiting = generator.generateAsync("two");
      reached.await();
      assertThatThrownBy(running::result)
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("The timeout of PT0.1S is long over");
      assertThatThrownBy(waiting::join).hasCauseInstanceOf(BackendException.class);
      release.countDown();
      assertThat(model.generator().maxNewTokens(3).generate("three").text())
          .isEqualTo(lettersAfter("three", 3));
    }
  }

  @Test
  void aSlowStepIsNotTakenForOneThatHangs() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    stage(
        (step, batch) -> {
          boolean unused = step == 2 && never.await(2, TimeUnit.SECONDS);
        });
    try (Model model = loader().batch(1).load()) {
      GenerationResult result = model.generator().timeout(SHORT).generate("one");
      assertThat(result.finishReason()).isEqualTo(FinishReason.TIMEOUT);
    }
  }

  @Test
  void closeReleasesEveryCallerAndGivesTheMemoryBackWhenTheStepEnds() throws Exception {
    ScriptedBackendProvider backend = stage(hold(2));
    Model model = loader().batch(1).queueCapacity(1).load();
    TextStream running = model.generator().stream("one");
    reached.await();
    CompletableFuture<GenerationResult> queued = model.generator().generateAsync("two");
    CompletableFuture<GenerationResult> beyond =
        CompletableFuture.supplyAsync(() -> model.generator().generate("three"));
    CompletableFuture<Void> emptying = CompletableFuture.runAsync(model::emptyCache);
    assertThat(model.close(SHORT)).isFalse();
    assertThatThrownBy(running::result)
        .isInstanceOf(ModelClosedException.class)
        .hasMessageContaining("did not come back from a step");
    assertThatThrownBy(queued::join).hasCauseInstanceOf(ModelClosedException.class);
    assertThatThrownBy(beyond::join).hasCauseInstanceOf(ModelClosedException.class);
    assertThatThrownBy(emptying::join).hasCauseInstanceOf(ModelClosedException.class);
    assertThatThrownBy(() -> model.generator().generate("late"))
        .isInstanceOf(ModelClosedException.class);
    assertThat(backend.log().openSessions()).isEqualTo(1);
    release.countDown();
    assertThat(model.close(Duration.ofSeconds(20))).isTrue();
    assertThat(backend.log().openSessions()).isZero();
    assertThat(backend.log().openBackends()).isZero();
  }
}
