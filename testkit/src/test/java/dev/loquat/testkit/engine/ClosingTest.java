package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClosingTest extends StagedModels {

  @Test
  void closedStreamEndsBeforeTheNextStepAndFreesItsSlot() throws Exception {
    ScriptedBackendProvider backend = stage(hold(3));
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().maxNewTokens(50);
      TextStream stream = generator.stream("Once");
      reached.await();
      stream.close();
      release.countDown();
      GenerationResult result = stream.result();
      assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(result.text()).isEqualTo(lettersAfter("Once", 3));
      assertThat(backend.log().steps()).isEqualTo(3);
      assertThat(generator.generate("Twice").text()).isEqualTo(lettersAfter("Twice", 50));
    }
  }

  @Test
  void streamClosedWhileItWaitsForSlotNeverRuns() throws Exception {
    ScriptedBackendProvider backend = stage(hold(1));
    try (Model model = loader().batch(1).load()) {
      TextStream running = model.generator().maxNewTokens(5).stream("Once");
      TextStream waiting = model.generator().stream("Twice");
      waiting.close();
      release.countDown();
      assertThat(waiting.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(running.result().text()).isEqualTo(lettersAfter("Once", 5));
      assertThat(backend.log().rows()).isEqualTo(5);
    }
  }

  @Test
  void interruptedReaderCancelsItsGeneration() throws Exception {
    ScriptedBackendProvider backend = stage(hold(1));
    try (Model model = loader().batch(1).load()) {
      TextStream stream = model.generator().stream("Once");
      reached.await();
      Thread.currentThread().interrupt();
      assertThatThrownBy(stream::result).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
      release.countDown();
      assertThat(stream.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(backend.log().steps()).isEqualTo(1);
    }
  }

  @Test
  void closedModelFailsWhatRunsAndWhatComesLater() throws Exception {
    ScriptedBackendProvider backend = stage(hold(2));
    Model model = loader().batch(1).load();
    TextStream running = model.generator().stream("Once");
    TextStream waiting = model.generator().stream("Twice");
    reached.await();
    Thread closing = new Thread(model::close, "closing");
    closing.start();
    awaitWaiting(closing);
    release.countDown();
    closing.join();
    assertThatThrownBy(running::result).isInstanceOf(ModelClosedException.class);
    assertThatThrownBy(waiting::result).isInstanceOf(ModelClosedException.class);
    assertThatThrownBy(() -> model.generator().generate("Thrice"))
        .isInstanceOf(ModelClosedException.class);
    assertThatThrownBy(model::emptyCache).isInstanceOf(ModelClosedException.class);
    assertThat(backend.log().steps()).isEqualTo(2);
    assertNothingOpen(backend);
    model.close();
  }

  @Test
  void everyCallerOfAClosedModelGetsAnExceptionOfItsOwn() throws Exception {
    stage(hold(2));
    Model model = loader().batch(1).load();
    List<TextStream> streams =
        List.of(model.generator().stream("Once"), model.generator().stream("Twice"));
    reached.await();
    Thread closing = new Thread(model::close, "closing");
    closing.start();
    awaitWaiting(closing);
    release.countDown();
    closing.join();
    List<Throwable> failures = streams.stream().map(ClosingTest::failure).toList();
    assertThat(failures).doesNotHaveDuplicates();
    assertThat(failures)
        .allSatisfy(
            failure -> {
              assertThat(failure)
                  .isInstanceOf(ModelClosedException.class)
                  .hasMessage("The model was closed; load it again to go on.")
                  .hasCauseInstanceOf(ModelClosedException.class);
              assertThat(failure.getStackTrace())
                  .anyMatch(frame -> frame.getClassName().equals(ClosingTest.class.getName()));
            });
  }

  private static Throwable failure(TextStream stream) {
    return Objects.requireNonNull(catchThrowable(stream::result));
  }

  @Test
  void anIdleModelIsClosedWithoutPatience() throws Exception {
    ScriptedBackendProvider backend = stage(StepHook.none());
    Model model = loader().load();
    model.generator().maxNewTokens(2).generate("Once");
    while (model.engineLoad().runningSequences() > 0) {
      Thread.onSpinWait();
    }
    awaitIdle();
    assertThat(model.close(Duration.ZERO)).isTrue();
    assertNothingOpen(backend);
  }

  /** Waits until the engine waits for commands. */
  private static void awaitIdle() {
    while (Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("loquat-engine"))
        .anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void negativePatienceIsRefused() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThatThrownBy(() -> model.close(Duration.ofSeconds(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("patience is PT-1S; expected zero or more");
      assertThat(model.generator().maxNewTokens(2).generate("Once").newTokens()).isEqualTo(2);
    }
  }

  @Test
  void theEndIsThereForTwoThatReadAtOnce() throws Exception {
    stage(hold(1));
    try (Model model = loader().load()) {
      TextStream stream = model.generator().maxNewTokens(5).stream("Once");
      CompletableFuture<GenerationResult> result = new CompletableFuture<>();
      Thread waiting = new Thread(() -> result.complete(stream.result()), "waiting");
      Thread reading = new Thread(() -> stream.iterator().forEachRemaining(piece -> {}), "reading");
      List.of(waiting, reading).forEach(Thread::start);
      List.of(waiting, reading).forEach(ClosingTest::awaitBlocked);
      release.countDown();
      assertThat(result.join().text()).isEqualTo(lettersAfter("Once", 5));
      reading.join();
    }
  }

  private static void awaitBlocked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static void assertNothingOpen(ScriptedBackendProvider backend) {
    assertThat(backend.log().openSessions()).as("open sessions").isZero();
    assertThat(backend.log().openBackends()).as("open backends").isZero();
  }

  /** Waits until close has told the engine, which it does before it waits for it. */
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}
