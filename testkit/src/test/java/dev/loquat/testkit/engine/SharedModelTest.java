package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import dev.loquat.ModelLoader;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
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
}
