package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.backend.ForwardRow;
import dev.loquat.error.BackendException;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureTest extends StagedModels {

  @Test
  void stepThatFailsOnceIsTriedAgainForEveryGenerationInIt() throws Exception {
    stage(hold(1).then(StepHook.failAt(2)));
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream first = generator.stream("one");
      TextStream second = generator.stream("two");
      TextStream waiting = generator.stream("three");
      reached.await();
      release.countDown();
      assertThat(first.result().text()).isEqualTo(lettersAfter("one", 5));
      assertThat(second.result().text()).isEqualTo(lettersAfter("two", 5));
      assertThat(waiting.result().text()).isEqualTo(lettersAfter("three", 5));
    }
  }

  @Test
  void onlyTheGenerationThatMakesStepsFailIsFailed() throws Exception {
    stage(hold(1).then(failOn('!')));
    try (Model model = loader().batch(3).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream first = generator.stream("one");
      TextStream guilty = generator.stream("two!");
      TextStream third = generator.stream("three");
      reached.await();
      release.countDown();
      assertThatThrownBy(guilty::result)
          .isInstanceOf(BackendException.class)
          .hasMessage("'!' can't be computed.");
      assertThat(first.result().text()).isEqualTo(lettersAfter("one", 5));
      assertThat(third.result().text()).isEqualTo(lettersAfter("three", 5));
      assertThat(generator.generate("four").text()).isEqualTo(lettersAfter("four", 5));
    }
  }

  private static StepHook failOn(char token) {
    return (step, batch) -> {
      for (ForwardRow row : batch.rows()) {
        if (IntStream.range(0, row.length()).anyMatch(i -> row.token(i) == token)) {
          throw new BackendException("'" + token + "' can't be computed.");
        }
      }
    };
  }

  @Test
  void logitsThatAreNoNumbersFailTheGeneration() throws IOException {
    stage(new NanProvider());
    try (Model model = loader().load()) {
      Generator generator = model.generator();
      String prompt = "a prompt that is longer than sixteen tokens";
      assertThatThrownBy(() -> generator.generate(prompt))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("NaN");
      GenerationResult again = generator.generate(prompt);
      assertThat(again.newTokens()).isPositive();
      assertThat(again.cachedTokens()).as("tokens of the step that overflowed").isZero();
    }
  }

  @Test
  void theFirstFailureOfSeveralPromptsEndsTheCallAtOnce() throws IOException {
    ScriptedBackendProvider backend = stage(failOn('!'));
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(1900);
      assertThatThrownBy(() -> generator.generate(List.of("one", "two!", "three", "four")))
          .isInstanceOf(BackendException.class)
          .hasMessage("'!' can't be computed.");
      assertThat(generator.maxNewTokens(3).generate("five").text())
          .isEqualTo(lettersAfter("five", 3));
      assertThat(backend.log().steps()).isLessThan(1900);
    }
  }

  @Test
  void twoFailuresInARowAreNotTheEnd() throws IOException {
    stage(StepHook.failAt(1).then(StepHook.failAt(2)));
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(3);
      assertThatThrownBy(() -> generator.generate("one"))
          .isInstanceOf(BackendException.class)
          .hasMessage("Step 1 fails, as the test asked for.");
      assertThat(generator.generate("two").text()).isEqualTo(lettersAfter("two", 3));
    }
  }
}
