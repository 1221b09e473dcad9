package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchingTest extends StagedModels {
  private static final List<String> PROMPTS =
      List.of("a", "bc", "def", "ghij", "klmno", "pqrstu", "vwxyz", "Loquat");
  private static final int NEW_TOKENS = 8;

  @Test
  void eightPromptsShareForwards() throws Exception {
    ScriptedBackendProvider backend = stage(hold(1));
    try (Model model = loader().batch(8).load()) {
      Generator generator = model.generator().maxNewTokens(NEW_TOKENS);
      List<TextStream> streams = PROMPTS.stream().map(generator::stream).toList();
      release.countDown();
      assertThat(streams.stream().map(TextStream::result).map(GenerationResult::text))
          .containsExactlyElementsOf(expected());
      assertThat(backend.log().steps())
          .as("forwards; alone they would be 64")
          .isLessThanOrEqualTo(NEW_TOKENS + 1);
    }
  }

  @Test
  void promptsBeyondTheSlotsWaitTheirTurn() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().batch(3).load()) {
      Generator generator = model.generator().maxNewTokens(NEW_TOKENS);
      assertThat(generator.generate(PROMPTS))
          .extracting(GenerationResult::text)
          .containsExactlyElementsOf(expected());
    }
  }

  @Test
  void longPromptIsChunkedBesideDecodes() throws Exception {
    ScriptedBackendProvider backend = stage(hold(1));
    String longPrompt = "x".repeat(1300);
    try (Model model = loader().batch(2).load()) {
      TextStream decoding = model.generator().maxNewTokens(4).stream("Once");
      reached.await();
      TextStream prefilling = model.generator().maxNewTokens(1).stream(longPrompt);
      release.countDown();
      assertThat(decoding.result().text()).isEqualTo(lettersAfter("Once", 4));
      assertThat(prefilling.result().text()).isEqualTo(lettersAfter(longPrompt, 1));
      assertThat(backend.log().batches().stream().map(BatchingTest::rowLengths))
          .containsExactly(List.of(4), List.of(1, 512), List.of(1, 512), List.of(1, 276));
    }
  }

  private static List<Integer> rowLengths(ForwardBatch batch) {
    return batch.rows().stream().map(ForwardRow::length).toList();
  }

  private static List<String> expected() {
    return PROMPTS.stream().map(prompt -> lettersAfter(prompt, NEW_TOKENS)).toList();
  }
}
