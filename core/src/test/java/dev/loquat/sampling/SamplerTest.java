package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.error.BackendException;
import dev.loquat.generation.SamplingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

  private static final Set<String> KNOWN = Set.of("temperature", "topK", "topP");

  @ParameterizedTest(name = "{0}")
  @MethodSource("referenceFilters")
  void leavesTheProbabilitiesOfTransformers(JsonNode filters) throws IOException {
    JsonNode reference = reference();
    float[] logits = floats(reference.path("logits"));
    JsonNode expected =
        cases(reference).filter(c -> c.path("filters").equals(filters)).findFirst().orElseThrow();

    double[] actual = probabilities(options(filters), logits);

    for (int token = 0; token < actual.length; token++) {
      assertThat(actual[token])
          .as("token %d", token)
          .isCloseTo(expected.path("p").get(token).asDouble(), within(2e-6));
    }
  }

  static Stream<JsonNode> referenceFilters() throws IOException {
    return cases(reference())
        .map(c -> c.path("filters"))
        .filter(f -> f.properties().stream().allMatch(e -> KNOWN.contains(e.getKey())));
  }

  @Test
  void covers4ReferenceCases() throws IOException {
    assertThat(referenceFilters()).hasSize(4);
  }

  @Test
  void greedyTakesTheLowestOfEqualTokens() {
    assertThat(Sampler.greedy().sample(new float[] {1, 3, 2, 3})).isEqualTo(1);
  }

  @Test
  void temperatureZeroIsGreedy() {
    assertThat(Sampler.of(SamplingOptions.greedy()).sample(new float[] {1, 2, 5, 3})).isEqualTo(2);
  }

  @Test
  void topKKeepsTheLowestOfEqualTokens() {
    float[] logits = new float[100];
    logits[70] = 1;
    assertThat(kept(new SamplingOptions(1, 4, 1, seed(1)), logits)).containsExactly(0, 1, 2, 70);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 50, 333, 999, 1000, 5000})
  void topKKeepsWhatASortWouldKeep(int k) {
    float[] logits = gaussian(1000, k);
    int[] sorted = byScore(logits).limit(k).sorted().toArray();
    assertThat(kept(new SamplingOptions(1, k, 1, seed(1)), logits)).containsExactly(sorted);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.1, 0.5, 0.9, 0.999, 0.9999999})
  void topPKeepsWhatASortWouldKeep(double p) {
    float[] logits = gaussian(3000, (long) (p * 1000));
    double total = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
    double sum = 0;
    int count = 0;
    for (int token : byScore(logits).toArray()) {
      if (sum >= p * total) {
        break;
      }
      sum += Math.exp(logits[token]);
      count++;
    }
    int[] expected = byScore(logits).limit(count).sorted().toArray();
    assertThat(kept(new SamplingOptions(1, 0, p, seed(1)), logits)).containsExactly(expected);
  }

  @Test
  void drawsInProportionToTheProbabilities() {
    float[] logits = {0, (float) Math.log(2), (float) Math.log(4), (float) Math.log(3)};
    double[] expected = {0.1, 0.2, 0.4, 0.3};
    int draws = 100_000;
    int[] counts = new int[4];
    Sampler sampler = Sampler.of(new SamplingOptions(1, 0, 1, seed(42)));
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(logits.clone())]++;
    }
    double chiSquare = 0;
    for (int i = 0; i < 4; i++) {
      double difference = counts[i] - draws * expected[i];
      chiSquare += difference * difference / (draws * expected[i]);
    }
    // 3 degrees of freedom: exceeded by chance once in a thousand seeds.
    assertThat(chiSquare).isLessThan(16.27);
  }

  @Test
  void choosesTheSameTokensForTheSameSeed() {
    SamplingOptions options = new SamplingOptions(0.8, 40, 0.95, seed(7));
    assertThat(draws(options)).isEqualTo(draws(options));
    assertThat(draws(options)).isNotEqualTo(draws(new SamplingOptions(0.8, 40, 0.95, seed(8))));
  }

  @Test
  void takesAnotherSeedEveryTimeWithoutOne() {
    SamplingOptions options = new SamplingOptions(1, 0, 1, OptionalLong.empty());
    assertThat(draws(options)).isNotEqualTo(draws(options));
  }

  @Test
  void givesTheNumbersOfTheSplitMix64Reference() {
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(Stream.generate(() -> Long.toUnsignedString(random.nextLong())).limit(3))
        .containsExactly("6457827717110365317", "3203168211198807973", "9817491932198370423");
  }

  @Test
  void computesExponentials() {
    for (double x = 0; x > -707; x -= 0.0371) {
      assertThat(Exponential.of(x) / StrictMath.exp(x)).as("e^%s", x).isCloseTo(1, within(1e-11));
    }
    assertThat(Exponential.of(-1000)).isZero();
    assertThat(Exponential.of(Double.NEGATIVE_INFINITY)).isZero();
  }

  @Test
  void neverChoosesATokenOfNegativeInfinity() {
    Sampler sampler = Sampler.of(new SamplingOptions(100, 0, 1, seed(3)));
    for (int i = 0; i < 1000; i++) {
      float[] logits = {Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY, 1};
      assertThat(sampler.sample(logits)).isIn(1, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, 1e-300, 1e300})
  void bearsExtremeTemperatures(double temperature) {
    Sampler sampler = Sampler.of(new SamplingOptions(temperature, 0, 0.9, seed(3)));
    assertThat(sampler.sample(new float[] {-3e38f, 3e38f, 1})).isBetween(0, 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void refusesLogitsThatAreNotNumbers(double temperature) {
    Sampler sampler = Sampler.of(new SamplingOptions(temperature, 2, 0.9, seed(3)));
    assertThatThrownBy(() -> sampler.sample(new float[] {1, Float.NaN, 2}))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("logit of token 1 is NaN");
    assertThatThrownBy(() -> sampler.sample(new float[] {1, Float.POSITIVE_INFINITY}))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("logit of token 1 is Infinity");
    float[] none = new float[3];
    Arrays.fill(none, Float.NEGATIVE_INFINITY);
    assertThatThrownBy(() -> sampler.sample(none))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("None of the model's 3 logits is finite");
  }

  private static String draws(SamplingOptions options) {
    Sampler sampler = Sampler.of(options);
    return IntStream.range(0, 40)
        .mapToObj(i -> String.valueOf(sampler.sample(gaussian(500, 1))))
        .collect(Collectors.joining(" "));
  }

  private static int[] kept(SamplingOptions options, float[] logits) {
    Candidates candidates = filtered(options, logits);
    return IntStream.range(0, candidates.size()).map(candidates::id).sorted().toArray();
  }

  private static double[] probabilities(SamplingOptions options, float[] logits) {
    Candidates candidates = filtered(options, logits);
    double total = candidates.weigh();
    double[] probabilities = new double[logits.length];
    for (int i = 0; i < candidates.size(); i++) {
      probabilities[candidates.id(i)] = candidates.weight(i) / total;
    }
    return probabilities;
  }

  private static Candidates filtered(SamplingOptions options, float[] logits) {
    RandomSampler sampler = (RandomSampler) Sampler.of(options);
    return sampler.filter(logits.clone());
  }

  private static IntStream byScore(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -logits[i]))
        .mapToInt(i -> i);
  }

  private static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] logits = new float[count];
    for (int i = 0; i < count; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }

  private static SamplingOptions options(JsonNode filters) {
    return new SamplingOptions(
        filters.path("temperature").asDouble(1),
        filters.path("topK").asInt(0),
        filters.path("topP").asDouble(1),
        seed(1));
  }

  private static OptionalLong seed(long seed) {
    return OptionalLong.of(seed);
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

  private static JsonNode reference() throws IOException {
    try (InputStream in = SamplerTest.class.getResourceAsStream("sampling.json")) {
      return JsonMapper.builder().build().readTree(in);
    }
  }
}
