package dev.loquat.models.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.generation.GenerationResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy texts in both backends, compared with those that PyTorch gave in single precision. */
class GenerationReferenceTest {
  /** Where the two likeliest tokens are closer than this, single precision may choose the other. */
  private static final double NEAR_TIE = 1e-3;

  private static final int MAX_NEW_TOKENS = 96;

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl"})
  void generatesTheReferenceTokensSideBySide(String backend) throws IOException {
    JsonNode cases = Reference.cases("greedy.json");
    try (Model model = Loquat.model(Loquat.TINY_MODEL).backend(backend).batch(8).load()) {
      List<String> prompts = new ArrayList<>();
      cases.forEach(expected -> prompts.add(expected.path("prompt").textValue()));
      List<GenerationResult> results =
          model.generator().maxNewTokens(MAX_NEW_TOKENS).generate(prompts);
      assertThat(results).hasSize(24);
      for (int i = 0; i < results.size(); i++) {
        compare(cases.get(i), results.get(i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl"})
  void answersTheExpectedText(String backend) throws IOException {
    JsonNode questions = Reference.read("expected-answers.json");
    assertThat(questions.size()).isEqualTo(11);
    try (Model model = Loquat.model(Loquat.TINY_MODEL).backend(backend).load()) {
      for (Map.Entry<String, JsonNode> expected : questions.properties()) {
        String question = expected.getKey();
        assertThat(model.generator().generate(question).text())
            .isEqualTo(expected.getValue().path("raw").textValue());
        assertThat(model.generator().chat(question).text())
            .isEqualTo(expected.getValue().path("chat").textValue());
      }
    }
  }

  private static void compare(JsonNode expected, GenerationResult result) {
    List<Integer> ids = new ArrayList<>();
    expected.path("ids").forEach(id -> ids.add(id.intValue()));
    int steps = stepsBeforeANearTie(expected.path("gap"));
    assertThat(result.promptTokens()).isEqualTo(expected.path("promptIds").size());
    assertThat(result.tokenIds().stream().limit(steps).toList())
        .as(expected.path("prompt").textValue())
        .isEqualTo(ids.subList(0, steps));
  }

  private static int stepsBeforeANearTie(JsonNode gaps) {
    int steps = 0;
    while (steps < gaps.size() && gaps.get(steps).doubleValue() >= NEAR_TIE) {
      steps++;
    }
    return steps;
  }
}
