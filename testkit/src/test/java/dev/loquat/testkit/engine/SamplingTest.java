package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.SamplingException;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest extends StagedModels {
  private static final String PROMPT = "Once";
  private static final int NEW_TOKENS = 12;
  private static final LogitsProcessor BROKEN =
      (history, logits) -> {
        throw new IllegalStateException("on purpose");
      };

  @Test
  void optionsInOneBatchDoNotTouchOneAnother() throws Exception {
    List<GenerationResult> alone = alone();
    ScriptedBackendProvider backend = stage(hold(1));
    try (Model model = loader().batch(alone.size()).load()) {
      List<TextStream> streams =
          variants(model.generator()).stream().map(generator -> generator.stream(PROMPT)).toList();
      release.countDown();
      List<GenerationResult> together = streams.stream().map(TextStream::result).toList();

      assertThat(together)
          .extracting(GenerationResult::tokenIds)
          .containsExactlyElementsOf(alone.stream().map(GenerationResult::tokenIds).toList())
          .doesNotHaveDuplicates();
      assertThat(backend.log().steps()).isLessThanOrEqualTo(NEW_TOKENS + 1);
    }
  }

  @Test
  void failingProcessorFailsItsGenerationOnly() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream broken = generator.logitsProcessors(BROKEN).stream(PROMPT);
      TextStream sound = generator.stream(PROMPT);
      release.countDown();
      assertThatThrownBy(broken::result)
          .isInstanceOf(SamplingException.class)
          .hasMessageContaining("on purpose");
      assertThat(sound.result().text()).isEqualTo(lettersAfter(PROMPT, 5));
    }
  }

  @Test
  void processorsSeePromptAndText() throws IOException {
    stage(StepHook.none());
    AtomicInteger calls = new AtomicInteger();
    LogitsProcessor check =
        (history, logits) -> {
          byte[] seen = new byte[history.length()];
          for (int i = 0; i < seen.length; i++) {
            seen[i] = (byte) history.token(i);
          }
          int newTokens = calls.getAndIncrement();
          assertThat(history.promptLength()).isEqualTo(PROMPT.length());
          assertThat(history.newTokens()).isEqualTo(newTokens);
          assertThat(seen).asString().isEqualTo(PROMPT + lettersAfter(PROMPT, newTokens));
        };
    try (Model model = loader().load()) {
      model.generator().maxNewTokens(4).logitsProcessors(check).generate(PROMPT);
    }
    assertThat(calls).hasValue(4);
  }

  @Test
  void endTokensWaitForTheLeastLength() throws IOException {
    int end = 257;
    stage(Script.answer(PROMPT.length(), end), StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(9);
      assertThat(generator.generate(PROMPT).tokenIds()).containsExactly(end);
      assertThat(generator.minNewTokens(3).generate(PROMPT).tokenIds())
          .containsExactly(0, 0, 0, end);
    }
  }

  @Test
  void refusesATokenBeyondTheVocabularyBeforeItComputes() throws IOException {
    ScriptedBackendProvider backend = stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().forcedTokens(1_000_000);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generator.generate(PROMPT))
          .withMessageContaining("forcedTokens has token 1000000");
      assertThat(backend.log().steps()).isZero();
    }
  }

  private List<GenerationResult> alone() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      return variants(model.generator()).stream().map(g -> g.generate(PROMPT)).toList();
    }
  }

  /** A generation for every kind of option, each with a text of its own. */
  private static List<Generator> variants(Generator model) {
    Generator greedy = model.maxNewTokens(NEW_TOKENS);
    Generator random = greedy.temperature(3);
    return List.of(
        greedy,
        greedy.bannedTokens(letters()),
        greedy.bannedFirstTokens(letters()),
        greedy.forcedTokens('L', 'o'),
        greedy.logitBias(Map.of((int) 'z', 11f)),
        greedy.repetitionPenalty(20).logitBias(Map.of((int) 'y', 2f)),
        greedy.logitsProcessors((history, logits) -> logits['A' + history.newTokens()] = 99),
        random.seed(1),
        random.seed(2),
        random.seed(1).topP(0.5),
        random.seed(1).minP(0.01).presencePenalty(2));
  }

  private static int[] letters() {
    return IntStream.rangeClosed('a', 'z').toArray();
  }
}
