package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Truncation;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Probabilities computed by transformers; {@code filters.py} wrote those of filters.json. */
class TransformersSamplingTest {

  private static final JsonNode SHARED = read("sampling.json");
  private static final JsonNode OWN = read("filters.json");

  @ParameterizedTest(name = "{0}")
  @MethodSource("sharedCases")
  void leavesTheProbabilitiesOfTransformers(JsonNode filters, JsonNode expected) {
    TokenHistory history = ListedTokens.of(ids(SHARED.path("context")), List.of());

    double[] actual =
        Filtered.probabilities(floats(SHARED.path("logits")), options(filters), history);

    assertClose(actual, expected, 2e-6);
  }

  @ParameterizedTest(name = "{0} after {1}")
  @MethodSource("ownCases")
  void appliesFiltersInTheOrderOfTransformers(
      JsonNode options, List<Integer> text, JsonNode expected) {
    TokenHistory history = ListedTokens.of(ids(OWN.path("prompt")), text);
    float[] logits = floats(OWN.path("logits"));
    Sampler sampler =
        Sampler.of(
            options(renamed(options)), logits.length, Set.copyOf(ids(OWN.path("endTokens"))));

    double[] actual = sampler.probabilities(logits, history);

    assertClose(actual, expected, 1e-6);
  }

  @Test
  void coversAllReferenceCases() {
    assertThat(sharedCases()).hasSize(9);
    assertThat(ownCases()).hasSize(34);
  }

  static Stream<Arguments> sharedCases() {
    return cases(SHARED).map(c -> Arguments.of(c.path("filters"), c.path("p")));
  }

  static Stream<Arguments> ownCases() {
    return cases(OWN).map(c -> Arguments.of(c.path("options"), ids(c.path("new")), c.path("p")));
  }

  private static void assertClose(double[] actual, JsonNode expected, double tolerance) {
    assertThat(actual).hasSize(expected.size());
    for (int token = 0; token < actual.length; token++) {
      double probability = expected.path(token).doubleValue();
      assertThat(actual[token]).as("token %d", token).isCloseTo(probability, within(tolerance));
    }
  }

  private static SamplingOptions options(JsonNode filters) {
    return new SamplingOptions(
        filters.path("temperature").asDouble(1),
        new Truncation(
            filters.path("topK").asInt(0),
            filters.path("topP").asDouble(1),
            filters.path("minP").asDouble(0),
            filters.path("typicalP").asDouble(1)),
        Penalties.none()
            .withRepetition(filters.path("repetitionPenalty").asDouble(1))
            .withNoRepeatNgram(filters.path("noRepeatNgramSize").asInt(0)),
        new TokenRules(
            bias(filters.path("sequenceBias")),
            Set.copyOf(ids(filters.path("suppressTokens"))),
            Set.copyOf(ids(filters.path("beginSuppressTokens"))),
            List.of(),
            filters.path("minNewTokens").asInt(0)),
        List.of(),
        OptionalLong.of(1));
  }

  /** The fields' names as in {@code sampling.json}. */
  private static JsonNode renamed(JsonNode options) {
    var renamed = JsonMapper.builder().build().createObjectNode();
    options.properties().forEach(e -> renamed.set(camelCase(e.getKey()), e.getValue()));
    return renamed;
  }

  private static String camelCase(String name) {
    StringBuilder result = new StringBuilder();
    for (String word : name.split("_", -1)) {
      result.append(result.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)));
      result.append(word, 1, word.length());
    }
    return result.toString();
  }

  private static Map<Integer, Float> bias(JsonNode biases) {
    Map<Integer, Float> result = new HashMap<>();
    biases
        .properties()
        .forEach(e -> result.put(Integer.valueOf(e.getKey()), e.getValue().floatValue()));
    return result;
  }

  private static List<Integer> ids(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false).map(JsonNode::intValue).toList();
  }

  private static float[] floats(JsonNode numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return values;
  }

  private static Stream<JsonNode> cases(JsonNode reference) {
    return StreamSupport.stream(reference.path("cases").spliterator(), false);
  }

  private static JsonNode read(String name) {
    try (InputStream in = TransformersSamplingTest.class.getResourceAsStream(name)) {
      return JsonMapper.builder().build().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
