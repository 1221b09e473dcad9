package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.backend.ForwardRow;
import dev.loquat.chat.ChatMessage;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest extends StagedModels {
  private static final String TWENTY_LETTERS = "abcdefghijklmnopqrst";
  private static final String ANSWER = "läuft für 100 €";

  @Test
  void endsAfterMaxNewTokens() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      GenerationResult result = model.generator().maxNewTokens(7).generate("Once");
      assertThat(result.text()).isEqualTo(lettersAfter("Once", 7));
      assertThat(result.finishReason()).isEqualTo(FinishReason.MAX_NEW_TOKENS);
      assertThat(result.promptTokens()).isEqualTo(4);
    }
  }

  @Test
  void piecesOfStreamJoinToText() throws IOException {
    stage(Script.answer(2, bytes(ANSWER)), StepHook.none());
    try (Model model = loader().load()) {
      StringBuilder pieces = new StringBuilder();
      TextStream stream = model.generator().maxNewTokens(bytes(ANSWER).length).stream("Es");
      stream.forEach(piece -> pieces.append(piece.text()));
      assertThat(pieces).hasToString(ANSWER);
      assertThat(stream.result().text()).hasToString(pieces.toString());
    }
  }

  @Test
  void endsBeforeStopSequence() throws IOException {
    stage(Script.answer(2, bytes("one two three")), StepHook.none());
    try (Model model = loader().load()) {
      GenerationResult result = model.generator().stop("wo t").generate("So");
      assertThat(result.text()).isEqualTo("one t");
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP_SEQUENCE);
    }
  }

  @Test
  void endsWhereContextIsFull() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().contextLength(16).load()) {
      GenerationResult result = model.generator().generate("Once");
      assertThat(result.text()).isEqualTo(lettersAfter("Once", 12));
      assertThat(result.finishReason()).isEqualTo(FinishReason.CONTEXT_FULL);
    }
  }

  @Test
  void refusesPromptLongerThanContext() throws IOException {
    ScriptedBackendProvider backend = stage(StepHook.none());
    try (Model model = loader().contextLength(16).load()) {
      Generator generator = model.generator();
      assertThatThrownBy(() -> generator.generate(TWENTY_LETTERS))
          .isInstanceOf(PromptTooLongException.class)
          .hasMessageContaining("20")
          .hasMessageContaining("16");
      assertThat(backend.log().steps()).isZero();
    }
  }

  @Test
  void namesThePromptOfSeveralThatCannotBeTaken() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().contextLength(16).load()) {
      Generator generator = model.generator();
      assertThatThrownBy(() -> generator.generate(List.of("one", "", "three")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("prompts[1] '' has no tokens; give at least one character");
      assertThatThrownBy(() -> generator.generate(List.of("one", "two", TWENTY_LETTERS)))
          .isInstanceOf(PromptTooLongException.class)
          .hasMessageStartingWith("prompts[2] has 20 tokens, but a context of 16 ");
      assertThatThrownBy(() -> generator.samples("", 2))
          .hasMessage("The prompt '' has no tokens; give at least one character");
      assertThatThrownBy(() -> generator.score("")).hasMessageStartingWith("The text '' has no ");
    }
  }

  @Test
  void countsTheTokensOfPromptsAndConversations() throws IOException {
    ScriptedBackendProvider backend = stage(StepHook.none());
    List<ChatMessage> messages = List.of(ChatMessage.user("Grüße"));
    Model model = loader().load();
    assertThat(model.countTokens("Grüße")).isEqualTo(bytes("Grüße").length);
    assertThat(model.countTokens("")).isZero();
    int conversation = model.countTokens(messages);
    assertThat(backend.log().steps()).isZero();
    assertThat(model.generator().maxNewTokens(1).chat(messages).promptTokens())
        .isEqualTo(conversation);
    assertThatThrownBy(() -> model.countTokens(List.of()))
        .hasMessage("messages is empty; expected one message or more");
    model.close();
    assertThatThrownBy(() -> model.countTokens("one")).isInstanceOf(ModelClosedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "KEEP_END, 3, hijklmnopqrst",
    "KEEP_START, 3, abcdefghijklm",
    "KEEP_END, 100, mnopqrst",
    "KEEP_START, 100, abcdefgh"
  })
  void cutsPromptWhereAskedAndLeavesRoom(PromptOverflow overflow, int room, String kept)
      throws IOException {
    ScriptedBackendProvider backend = stage(StepHook.none());
    try (Model model = loader().contextLength(16).load()) {
      GenerationResult result =
          model.generator().maxNewTokens(room).onPromptOverflow(overflow).generate(TWENTY_LETTERS);
      assertThat(result.promptTokens()).isEqualTo(kept.length());
      assertThat(result.text()).isEqualTo(lettersAfter(kept, 16 - kept.length()));
      assertThat(tokens(backend.log().batches().get(0).rows().get(0))).isEqualTo(bytes(kept));
    }
  }

  private static int[] tokens(ForwardRow row) {
    return IntStream.range(0, row.length()).map(row::token).toArray();
  }
}
