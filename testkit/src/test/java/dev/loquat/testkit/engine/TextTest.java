package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest extends StagedModels {
  private static final String TWENTY_LETTERS = "abcdefghijklmnopqrst";
  private static final String BEGINNING_OF_TEXT =
      """
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<|im_start|>", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [],
       "special_tokens": {"<|im_start|>":
           {"id": "<|im_start|>", "ids": [256], "tokens": ["<|im_start|>"]}}}
      """;
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

  @Test
  void keepsTheBeginningOfTextWhereThePromptsBeginningIsDropped() throws IOException {
    ScriptedBackendProvider backend = stage(StepHook.none());
    ModelLoader loader = loader().contextLength(16);
    addBeginningOfText();
    try (Model model = loader.load()) {
      Generator generator = model.generator().maxNewTokens(4);
      generator.onPromptOverflow(PromptOverflow.KEEP_END).generate(TWENTY_LETTERS);
      assertThat(tokens(backend.log().batches().get(0).rows().get(0)))
          .startsWith(256, 'j')
          .endsWith('t')
          .hasSize(12);
    }
  }

  private void addBeginningOfText() throws IOException {
    JsonMapper json = new JsonMapper();
    Path file = folder.resolve("tokenizer.json");
    ObjectNode tokenizer = (ObjectNode) json.readTree(file.toFile());
    tokenizer.set("post_processor", json.readTree(BEGINNING_OF_TEXT));
    Files.writeString(file, tokenizer.toString());
  }

  private static int[] tokens(ForwardRow row) {
    return IntStream.range(0, row.length()).map(row::token).toArray();
  }
}
