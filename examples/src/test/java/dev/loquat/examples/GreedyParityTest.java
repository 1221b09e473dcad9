package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.generation.GenerationResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SmolLM2-135M-Instruct's greedy texts through the whole of Loquat, compared with those of
 * transformers 5.23.0 in single precision. Eight run side by side, so that batching is covered.
 */
class GreedyParityTest {
  /** Where the two likeliest tokens are closer than this, single precision may choose the other. */
  private static final double NEAR_TIE = 1e-3;

  private static final int MAX_NEW_TOKENS = 48;

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl"})
  void generatesTheTokensOfTransformers(String backend) throws IOException {
    JsonNode cases = cases();
    try (Model model = Loquat.model(SmolLm2.folder()).backend(backend).batch(8).load()) {
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

  private static void compare(JsonNode expected, GenerationResult result) {
    int steps = stepsBeforeANearTie(expected.path("gap"));
    List<Integer> ids = new ArrayList<>();
    expected.path("ids").forEach(id -> ids.add(id.intValue()));
    assertThat(result.promptTokens()).isEqualTo(expected.path("promptIds").size());
    assertThat(result.tokenIds().stream().limit(steps).toList())
        .as(expected.path("prompt").textValue())
        .isEqualTo(ids.subList(0, steps));
    if (steps == ids.size()) {
      assertThat(result.text()).isEqualTo(expected.path("text").textValue());
    }
  }

  private static int stepsBeforeANearTie(JsonNode gaps) {
    int steps = 0;
    while (steps < gaps.size() && gaps.get(steps).doubleValue() >= NEAR_TIE) {
      steps++;
    }
    return steps;
  }

  private static JsonNode cases() throws IOException {
    try (InputStream json = GreedyParityTest.class.getResourceAsStream("/smollm2/greedy.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(json, "greedy.json")).path("cases");
    }
  }
}
