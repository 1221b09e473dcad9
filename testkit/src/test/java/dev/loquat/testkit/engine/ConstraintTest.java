package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.constraint.Constraint;
import dev.loquat.error.ConstraintException;
import dev.loquat.error.SamplingException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConstraintTest extends StagedModels {
  private static final String PROMPT = "Once";
  private static final int END = 257;

  enum Mood {
    GLAD,
    SAD
  }

  record Answer(Mood mood, int count, boolean sure, Optional<Mood> other) {}

  record Words(String text) {}

  record Counted(int number) {}

  record Even(short number) {
    Even {
      if (number % 2 != 0) {
        throw new IllegalArgumentException(number + " is odd");
      }
    }
  }

  @Test
  void returnsARecordWhateverTheModelWants() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThat(model.generator().generate(PROMPT, Answer.class).mood()).isNotNull();
      for (int seed = 0; seed < 20; seed++) {
        Generator random = model.generator().temperature(5).seed(seed);
        assertThat(random.generate(PROMPT, Answer.class).other()).isNotNull();
      }
    }
  }

  @Test
  void aConstraintEndsATextBeforeItsLeastLength() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator least = model.generator().minNewTokens(5);
      GenerationResult short3 = least.constrain(Constraint.choice(List.of("abc"))).generate(PROMPT);
      assertThat(short3.text()).isEqualTo("abc");
      assertThat(short3.finishReason()).isEqualTo(FinishReason.CONSTRAINT_COMPLETE);
      String open = least.maxNewTokens(5).constrain(Constraint.regex("b*")).generate(PROMPT).text();
      assertThat(open).isEqualTo("bbbbb");
    }
  }

  @Test
  void constraintsInOneBatchDoNotTouchOneAnother() throws Exception {
    List<Constraint> constraints =
        List.of(
            Constraint.record(Answer.class),
            Constraint.choice(List.of("yes", "no")),
            Constraint.regex("[A-F]{8}"),
            Constraint.record(Answer.class));
    stage(hold(1));
    try (Model model = loader().batch(5).load()) {
      Generator random = model.generator().temperature(5).seed(7).maxNewTokens(100);
      TextStream free = random.maxNewTokens(10).stream(PROMPT);
      List<TextStream> streams =
          constraints.stream()
              .map(constraint -> random.constrain(constraint).stream(PROMPT))
              .toList();
      release.countDown();
      List<String> together = streams.stream().map(stream -> stream.result().text()).toList();
      assertThat(free.result().newTokens()).isEqualTo(10);
      assertThat(together.get(0)).isEqualTo(together.get(3)).startsWith("{\"mood\":");
      assertThat(together.get(1)).isIn("yes", "no");
      assertThat(together.get(2)).matches("[A-F]{8}");
      List<String> alone =
          constraints.stream().map(c -> random.constrain(c).generate(PROMPT).text()).toList();
      assertThat(together).isEqualTo(alone);
    }
  }

  @Test
  void constrainsEveryPromptOfACall() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().batch(3).load()) {
      List<String> prompts = IntStream.range(0, 10).mapToObj(i -> PROMPT + i).toList();
      Generator generator =
          model.generator().temperature(5).seed(1).constrain(Constraint.regex("(ab|c)[0-9]"));
      assertThat(generator.generate(prompts))
          .hasSize(10)
          .allSatisfy(result -> assertThat(result.text()).matches("(ab|c)[0-9]"));
    }
  }

  @Test
  void endsWhereTheTextCannotGoOnOrTheModelEndsIt() throws IOException {
    stage(Script.answer(PROMPT.length(), 'a', 'a', 'a', END), StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(9);
      GenerationResult full = generator.constrain(Constraint.regex("aa")).generate(PROMPT);
      assertThat(full.text()).isEqualTo("aa");
      assertThat(full.finishReason()).isEqualTo(FinishReason.CONSTRAINT_COMPLETE);
      GenerationResult ended = generator.constrain(Constraint.regex("a+")).generate(PROMPT);
      assertThat(ended.text()).isEqualTo("aaa");
      assertThat(ended.finishReason()).isEqualTo(FinishReason.END_TOKEN);
    }
  }

  @Test
  void doesNotEndWhereTheTextIsIncomplete() throws IOException {
    stage(Script.answer(PROMPT.length(), END), StepHook.none());
    try (Model model = loader().load()) {
      assertThat(model.generator().constrain(Constraint.regex("x{5}y?")).generate(PROMPT).text())
          .isEqualTo("xxxxx");
    }
  }

  @Test
  void saysSoWhenARecordIsCutOrRefuses() throws IOException {
    stage(
        Script.answer(PROMPT.length(), '{', '"', 'n', 'u', 'm', 'b', 'e', 'r', '"', ':', '7', '}'),
        StepHook.none());
    try (Model model = loader().load()) {
      assertThatThrownBy(() -> model.generator().maxNewTokens(3).generate(PROMPT, Even.class))
          .isInstanceOf(ConstraintException.class)
          .hasMessageContaining("Even was cut after 3 tokens (MAX_NEW_TOKENS): '{\"n'. Raise max");
      Generator hurried = model.generator().timeout(Duration.ofNanos(1));
      assertThatThrownBy(() -> hurried.generate(PROMPT, Even.class))
          .isInstanceOf(ConstraintException.class)
          .hasMessageContaining(
              "Even was cut after 0 tokens (TIMEOUT): ''. It waited for a slot until");
      assertThatThrownBy(() -> model.generator().generate(PROMPT, Even.class))
          .isInstanceOf(ConstraintException.class)
          .hasMessageContaining("Even refuses the values of '{\"number\":7}'")
          .hasMessageContaining("7 is odd");
    }
  }

  @Test
  void givesARecordAsAFutureAndSaysWhyNot() throws IOException {
    stage(
        Script.answer(PROMPT.length(), '{', '"', 'n', 'u', 'm', 'b', 'e', 'r', '"', ':', '7', '}'),
        StepHook.none());
    try (Model model = loader().load()) {
      CompletableFuture<Counted> counted = model.generator().generateAsync(PROMPT, Counted.class);
      assertThat(counted.join()).isEqualTo(new Counted(7));
      assertThatThrownBy(() -> model.generator().generateAsync(PROMPT, Even.class).join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(ConstraintException.class)
          .hasMessageContaining("7 is odd");
    }
  }

  @Test
  void quotesOnlyTheEndOfALongTextThatWasCut() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThatThrownBy(() -> model.generator().maxNewTokens(100).generate(PROMPT, Words.class))
          .isInstanceOf(ConstraintException.class)
          .hasMessageMatching(
              "(?s)The JSON of \\S+ was cut after 100 tokens \\(MAX_NEW_TOKENS\\): '….{60}'\\. .*");
    }
  }

  @Test
  void processorsCannotUndoAConstraint() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator =
          model.generator().logitsProcessors((history, logits) -> logits['X'] = 99);
      assertThat(generator.constrain(Constraint.regex("[ab]{4}")).generate(PROMPT).text())
          .matches("[ab]{4}");
    }
  }

  @Test
  void failsWhereOtherOptionsLeaveNoToken() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator().constrain(Constraint.regex("[ab]{4}"));
      assertThatThrownBy(() -> generator.forcedTokens('L').generate(PROMPT))
          .isInstanceOf(SamplingException.class)
          .hasMessageContaining("whether the constraint allows what the rules ask for");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generator.stop("x"))
          .withMessageContaining(
              "There are a constraint, the stop sequences [x] and the stop tokens []; expected");
    }
  }

  @Test
  void streamsWhatTheConstraintLeaves() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator =
          model.generator().temperature(3).seed(2).constrain(Constraint.record(Answer.class));
      StringBuilder text = new StringBuilder();
      try (TextStream stream = generator.stream(PROMPT)) {
        stream.forEach(delta -> text.append(delta.text()));
      }
      assertThat(JsonMapper.builder().build().readTree(text.toString()).has("mood")).isTrue();
    }
  }
}
