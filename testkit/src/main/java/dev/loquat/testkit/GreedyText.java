package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.generation.GenerationResult;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A prompt and the tokens that transformers goes on with.
 *
 * @param prompt the prompt
 * @param ids the likeliest tokens, up to the first that the second choice comes too close to
 */
record GreedyText(String prompt, List<Integer> ids) {
  /** Closer choices, by log-probability, may go the other way in single precision. */
  private static final double NEAR_TIE = 1e-4;

  static List<GreedyText> all() throws IOException {
    JsonNode cases = SmolLm2Reference.cases("greedy.json");
    return StreamSupport.stream(cases.spliterator(), false).map(GreedyText::of).toList();
  }

  private static GreedyText of(JsonNode value) {
    List<Integer> ids = SmolLm2Reference.ids(value.required("ids"));
    JsonNode gaps = value.required("gap");
    int clear =
        IntStream.range(0, ids.size())
            .filter(step -> gaps.get(step).doubleValue() < NEAR_TIE)
            .findFirst()
            .orElse(ids.size());
    return new GreedyText(value.required("prompt").textValue(), ids.subList(0, clear));
  }

  /** Checks the beginning that a generation of at most so many tokens has to have. */
  void agrees(GenerationResult result, int maxNewTokens) {
    List<Integer> expected = ids.subList(0, Math.min(maxNewTokens, ids.size()));
    assertThat(result.tokenIds().stream().limit(expected.size()).toList())
        .as(prompt)
        .isEqualTo(expected);
  }
}
