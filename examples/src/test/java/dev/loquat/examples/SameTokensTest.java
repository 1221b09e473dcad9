package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.generation.GenerationResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request to SmolLM2-135M-Instruct gives the same tokens whatever runs beside it and however its
 * prompt is cut. A step takes 512 tokens of prompts: two of the prompts fit alone but are cut in
 * company, one is cut even alone.
 */
class SameTokensTest {
  private static final int STEP_TOKENS = 512;
  private static final int NEW_TOKENS = 32;

  /** Where two tokens are as close as this, single precision may choose either. */
  private static final double NEAR_TIE = 1e-4;

  private static final List<String> WORDS =
      List.of("river", "lamp", "because", "seven", "green", "never", "house", "walk", "the", "of");

  private static final List<String> PROMPTS =
      List.of(
          "The capital of France is",
          words(370),
          "GPU inference is faster than CPU inference because",
          words(790),
          "Once upon a time, in a village by the sea, there lived",
          words(500),
          "Les trois couleurs du drapeau français sont",
          "def fibonacci(n):\n    if n < 2:\n        return n\n    return");

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl"})
  void givesTheSameTokensAloneInAFullBatchChunkedAndInAnotherOrder(String backend) {
    Path checkpoint = SmolLm2.folder();
    NextToken next = new NextToken(checkpoint, backend);
    try (Model model = Loquat.model(checkpoint).backend(backend).batch(8).load()) {
      Generator generator = model.generator().temperature(0).maxNewTokens(NEW_TOKENS);
      List<GenerationResult> alone = PROMPTS.stream().map(generator::generate).toList();
      assertThat(alone).filteredOn(result -> result.promptTokens() > STEP_TOKENS).hasSize(1);
      assertThat(alone).filteredOn(result -> result.promptTokens() > STEP_TOKENS / 2).hasSize(3);
      assertSame(alone, generator.generate(PROMPTS), next);
      assertSame(alone, reversed(generator.generate(reversed(PROMPTS))), next);
    }
  }

  private static void assertSame(
      List<GenerationResult> alone, List<GenerationResult> together, NextToken next) {
    for (int i = 0; i < PROMPTS.size(); i++) {
      assertSame(PROMPTS.get(i), alone.get(i).tokenIds(), together.get(i).tokenIds(), next);
    }
  }

  private static void assertSame(
      String prompt, List<Integer> alone, List<Integer> together, NextToken next) {
    if (!together.equals(alone)) {
      List<Integer> common = alone.subList(0, firstDifference(alone, together));
      assertThat(next.lead(prompt, common))
          .as("%s became %s after '%.40s'; the lead at their difference", alone, together, prompt)
          .isLessThan(NEAR_TIE);
    }
  }

  private static int firstDifference(List<Integer> one, List<Integer> other) {
    int shorter = Math.min(one.size(), other.size());
    return IntStream.range(0, shorter)
        .filter(i -> !one.get(i).equals(other.get(i)))
        .findFirst()
        .orElse(shorter);
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> copy = new ArrayList<>(list);
    Collections.reverse(copy);
    return copy;
  }

  /** A text without sense, whose continuation hangs on every word. */
  private static String words(int count) {
    Random random = new Random(count);
    return Stream.generate(() -> WORDS.get(random.nextInt(WORDS.size())))
        .limit(count)
        .collect(Collectors.joining(" "));
  }
}
