package dev.loquat.testkit.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.error.BackendException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScriptedBackendTest {
  private static final int VOCABULARY = 50;
  private static final CacheLayout LAYOUT = new CacheLayout(4, 16);

  @Test
  void countsOnFromTheLastToken() {
    DecoderSession session = open(Script.counting(VOCABULARY), StepHook.none());
    Logits logits = session.forward(batch(row(0, 0, 7, 48, 49)));
    assertThat(likeliest(logits)).isEqualTo(0);
    assertThat(likeliest(session.forward(batch(row(0, 3, 0))))).isEqualTo(1);
  }

  @Test
  void answersAfterThePrompt() {
    DecoderSession session = open(Script.answer(3, 11, 12), StepHook.none());
    assertThat(likeliest(session.forward(batch(row(0, 0, 1, 2, 3))))).isEqualTo(11);
    assertThat(likeliest(session.forward(batch(row(0, 3, 11))))).isEqualTo(12);
    assertThat(likeliest(session.forward(batch(row(0, 4, 12))))).isEqualTo(12);
  }

  @Test
  void checksumSeesEveryTokenAndItsPlace() {
    Script script = Script.checksum(1_000_000);
    assertThat(script.next(new int[] {1, 2, 3}))
        .isNotEqualTo(script.next(new int[] {2, 1, 3}))
        .isNotEqualTo(script.next(new int[] {1, 2}))
        .isNotEqualTo(script.next(new int[] {0, 1, 2, 3}));
  }

  @Test
  void refusesToBuildOnPositionsThatWereNeverWritten() {
    DecoderSession session = open(Script.counting(VOCABULARY), StepHook.none());
    session.forward(batch(row(1, 0, 5, 6)));
    assertThatThrownBy(() -> session.forward(batch(row(1, 3, 7))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Slot 1 holds 2 tokens; a step or copy builds on 3");
    assertThatThrownBy(() -> session.copySlot(1, 2, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAScriptThatLeavesTheVocabulary() {
    DecoderSession session = open(tokens -> VOCABULARY, StepHook.none());
    assertThatThrownBy(() -> session.forward(batch(row(0, 0, 5))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The script chose token 50; the vocabulary has 50");
  }

  @Test
  void failsOnlyTheStepThatWasAskedFor() {
    DecoderSession session = open(Script.counting(VOCABULARY), StepHook.failAt(2));
    session.forward(batch(row(0, 0, 5)));
    assertThatThrownBy(() -> session.forward(batch(row(0, 1, 6))))
        .isInstanceOf(BackendException.class)
        .hasMessage("Step 2 fails, as the test asked for.");
    assertThat(likeliest(session.forward(batch(row(0, 1, 6))))).isEqualTo(7);
  }

  @Test
  void holdsAStepUntilReleased() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    DecoderSession session =
        open(
            Script.counting(VOCABULARY),
            StepHook.failAt(9).then(StepHook.holdAt(1, reached, release)));
    CompletableFuture<Integer> step =
        CompletableFuture.supplyAsync(() -> likeliest(session.forward(batch(row(0, 0, 5)))));
    reached.await();
    assertThat(step).isNotDone();
    release.countDown();
    assertThat(step.join()).isEqualTo(6);
  }

  @Test
  void interruptedStepFails() {
    CountDownLatch never = new CountDownLatch(1);
    DecoderSession session =
        open(Script.counting(VOCABULARY), StepHook.holdAt(1, new CountDownLatch(1), never));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> session.forward(batch(row(0, 0, 5))))
        .isInstanceOf(BackendException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void logsWhatItWasAskedFor() {
    ScriptedBackend backend = backend(Script.counting(VOCABULARY), StepHook.none());
    DecoderSession session = backend.openSession(LAYOUT);
    ForwardBatch prefill = batch(row(0, 0, 1, 2, 3), row(2, 0, 4));
    ForwardBatch decode = batch(row(2, 1, 5));
    session.forward(prefill);
    session.forward(decode);
    session.copySlot(0, 1, 2);
    assertThat(backend.log().batches()).containsExactly(prefill, decode);
    assertThat(backend.log().copies()).containsExactly(new StepLog.SlotCopy(0, 1, 2));
    assertThat(backend.log().steps()).isEqualTo(2);
    assertThat(backend.log().rows()).isEqualTo(3);
    assertThat(backend.log().tokens()).isEqualTo(5);
  }

  @Test
  void countsWhatIsOpen() {
    ScriptedBackend backend = backend(Script.counting(VOCABULARY), StepHook.none());
    DecoderSession session = backend.openSession(LAYOUT);
    backend.openSession(LAYOUT);
    assertThat(backend.log().openSessions()).isEqualTo(2);
    session.close();
    session.close();
    assertThat(backend.log().openSessions()).isEqualTo(1);
    backend.close();
    backend.close();
    assertThat(backend.log().openSessions()).isZero();
    assertThat(backend.log().openBackends()).isZero();
  }

  private static DecoderSession open(Script script, StepHook hook) {
    return backend(script, hook).openSession(LAYOUT);
  }

  private static ScriptedBackend backend(Script script, StepHook hook) {
    return new ScriptedBackend(VOCABULARY, script, hook);
  }

  private static ForwardBatch batch(ForwardRow... rows) {
    return new ForwardBatch(List.of(rows));
  }

  private static ForwardRow row(int slot, int firstPosition, int... tokens) {
    return new ForwardRow(slot, firstPosition, tokens, 1);
  }

  private static int likeliest(Logits logits) {
    float[] row = new float[VOCABULARY];
    logits.read(0, row);
    int best = 0;
    for (int token = 0; token < row.length; token++) {
      best = row[token] > row[best] ? token : best;
    }
    return best;
  }
}
