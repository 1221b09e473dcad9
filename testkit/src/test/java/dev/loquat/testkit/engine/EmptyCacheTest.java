package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What emptying the cache drops, and what it leaves. */
class EmptyCacheTest extends StagedModels {
  private static final String PROMPT = "A prompt that is longer than sixteen tokens.";

  @Test
  void dropsTheBeginningsThatFreeSlotsKeep() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(4);
      generator.generate(PROMPT);
      assertThat(generator.generate(PROMPT).cachedTokens()).isPositive();
      model.emptyCache();
      assertThat(generator.generate(PROMPT).cachedTokens()).isZero();
      assertThat(generator.generate(PROMPT).cachedTokens()).isPositive();
    }
  }

  @Test
  void givesTheirMemoryBack() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      model.generator().maxNewTokens(4).generate(PROMPT);
      model.emptyCache();
      assertThat(deviceBytes(model, MemoryPhase.AFTER_CLEANUP))
          .isEqualTo(deviceBytes(model, MemoryPhase.AFTER_LOAD))
          .isLessThan(deviceBytes(model, MemoryPhase.AFTER_GENERATE));
    }
  }

  @Test
  void leavesRunningGenerationsAlone() throws Exception {
    stage(hold(3));
    try (Model model = loader().load()) {
      TextStream running = model.generator().maxNewTokens(20).stream(PROMPT);
      reached.await();
      CompletableFuture<Void> emptied = CompletableFuture.runAsync(model::emptyCache);
      release.countDown();
      assertThat(running.result().text()).isEqualTo(lettersAfter(PROMPT, 20));
      emptied.join();
    }
  }

  private static long deviceBytes(Model model, MemoryPhase phase) {
    return model.memory().at(phase).orElseThrow().deviceBytes();
  }
}
