package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.generation.EngineLoad;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EngineLoadTest extends StagedModels {
  private static final EngineLoad IDLE = new EngineLoad(0, 0, 0, 2);

  @Test
  void countsRunningAndWaitingSequencesAndSlots() throws Exception {
    CompletableFuture<Model> loaded = new CompletableFuture<>();
    List<EngineLoad> seen = new CopyOnWriteArrayList<>();
    stage(hold(1).then((step, batch) -> seen.add(loaded.join().engineLoad())));
    try (Model model = loader().batch(2).load()) {
      loaded.complete(model);
      Generator generator = model.generator().maxNewTokens(4);
      TextStream first = generator.stream("a");
      reached.await();
      List<TextStream> later = List.of(generator.stream("b"), generator.stream("c"));
      release.countDown();
      first.result();
      later.forEach(TextStream::result);
    }
    assertThat(seen).startsWith(new EngineLoad(1, 0, 1, 2), new EngineLoad(2, 1, 2, 2));
    assertThat(seen).endsWith(new EngineLoad(1, 0, 1, 2));
  }

  @Test
  void anEndThatWasSeenHasLeftItsSlot() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(3);
      for (int i = 0; i < 200; i++) {
        generator.generate("prompt " + i);
        assertThat(model.engineLoad()).isEqualTo(IDLE);
      }
    }
  }

  @Test
  void aCancelledGenerationHasLeftItsSlot() throws Exception {
    stage(hold(2));
    try (Model model = loader().batch(2).load()) {
      TextStream stream = model.generator().maxNewTokens(100).stream("a");
      reached.await();
      stream.close();
      release.countDown();
      stream.result();
      assertThat(model.engineLoad()).isEqualTo(IDLE);
    }
  }
}
