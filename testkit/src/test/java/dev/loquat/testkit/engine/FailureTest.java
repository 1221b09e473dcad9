package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.BackendException;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureTest extends StagedModels {

  @Test
  void failedStepFailsOnlyTheGenerationsInIt() throws Exception {
    stage(hold(1).then(StepHook.failAt(2)));
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream first = generator.stream("one");
      TextStream second = generator.stream("two");
      TextStream waiting = generator.stream("three");
      reached.await();
      release.countDown();
      assertThatThrownBy(first::result).isInstanceOf(BackendException.class);
      assertThatThrownBy(second::result)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("Step 2 fails");
      assertThat(waiting.result().text()).isEqualTo(lettersAfter("three", 5));
      assertThat(generator.generate("four").text()).isEqualTo(lettersAfter("four", 5));
    }
  }

  @Test
  void logitsThatAreNoNumbersFailTheGeneration() throws IOException {
    stage(new NanProvider());
    try (Model model = loader().load()) {
      Generator generator = model.generator();
      assertThatThrownBy(() -> generator.generate("Once"))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("NaN");
      assertThat(generator.generate("Once").newTokens()).isPositive();
    }
  }
}
