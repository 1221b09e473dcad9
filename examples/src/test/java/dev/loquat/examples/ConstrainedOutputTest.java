package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.constraint.Constraint;
import dev.loquat.generation.GenerationResult;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constraints over the tiny model's own tokens, which cross the borders of JSON. */
class ConstrainedOutputTest {
  enum Topic {
    LEARNING,
    MEMORY,
    TOKENS
  }

  record Entry(Topic topic, int year, boolean hard, List<Boolean> votes) {}

  private static final Constraint VOTES =
      Constraint.jsonSchema(
          """
          {"type": "array", "minItems": 2, "maxItems": 4, "items": {"type": "boolean"}}
          """);

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl"})
  void comesOutOfEveryBackendAloneAndInABatch(String backend) {
    try (Model model = Loquat.model(Loquat.TINY_MODEL).backend(backend).batch(4).load()) {
      Generator random = model.generator().temperature(1.5).seed(3).maxNewTokens(60);
      Entry entry = random.maxNewTokens(400).generate("An entry as JSON:", Entry.class);
      assertThat(entry.topic()).isNotNull();
      Generator votes = random.constrain(VOTES);
      List<String> prompts = List.of("Votes:", "Is it so?", "What is Git?", "More", "Yes or no?");
      List<GenerationResult> results = votes.generate(prompts);
      assertThat(results)
          .extracting(GenerationResult::text)
          .allMatch(text -> text.matches("\\[(true|false)(, ?(true|false)){1,3}]"));
      assertThat(votes.generate(prompts.get(0)).text()).isEqualTo(results.get(0).text());
    }
  }
}
