package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.error.BackendException;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.generation.Truncation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

  private static final TokenHistory PROMPT = ListedTokens.prompt();

  @Test
  void greedyTakesTheLowestOfEqualTokens() {
    assertThat(sample(SamplingOptions.greedy(), 1, 3, 2, 3)).isEqualTo(1);
  }

  @Test
  void temperatureZeroIsGreedyWhateverIsKept() {
    SamplingOptions options = SamplingOptions.greedy().withTruncation(new Truncation(3, 0.9, 0, 1));
    assertThat(sample(options, 1, 2, 5, 3)).isEqualTo(2);
  }

  @Test
  void topKKeepsTokensAsLikelyAsTheLast() {
    float[] logits = new float[10];
    logits[3] = -1;
    logits[7] = 1;
    assertThat(Filtered.kept(logits, topK(4))).containsExactly(0, 1, 2, 4, 5, 6, 7, 8, 9);
    assertThat(Filtered.kept(logits, topK(1))).containsExactly(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 50, 333, 999, 1000, 5000})
  void topKKeepsWhatASortWouldKeep(int k) {
    float[] logits = Filtered.gaussian(1000, k);
    int[] sorted = byScore(logits).limit(k).sorted().toArray();
    assertThat(Filtered.kept(logits, topK(k))).containsExactly(sorted);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.1, 0.5, 0.9, 0.999, 0.9999999})
  void topPKeepsWhatASortWouldKeep(double p) {
    float[] logits = Filtered.gaussian(3000, (long) (p * 1000));
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
    assertThat(Filtered.kept(logits, topP(p))).containsExactly(expected);
  }

  @Test
  void drawsInProportionToTheProbabilities() {
    float[] logits = {0, (float) Math.log(2), (float) Math.log(4), (float) Math.log(3)};
    double[] expected = {0.1, 0.2, 0.4, 0.3};
    int draws = 100_000;
    int[] counts = new int[4];
    Sampler sampler = Sampler.of(temperature(1).withSeed(42), 4, Set.of());
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(logits.clone(), PROMPT)]++;
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
    SamplingOptions options = temperature(0.8).withTruncation(new Truncation(40, 0.95, 0.01, 0.98));
    assertThat(draws(options)).isEqualTo(draws(options));
    assertThat(draws(options)).isNotEqualTo(draws(options.withSeed(8)));
  }

  @Test
  void takesAnotherSeedEveryTimeWithoutOne() {
    SamplingOptions options = SamplingOptions.multinomial();
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
    Sampler sampler = Sampler.of(temperature(100), 4, Set.of());
    for (int i = 0; i < 1000; i++) {
      float[] logits = {Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY, 1};
      assertThat(sampler.sample(logits, PROMPT)).isIn(1, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, 1e-300, 1e300})
  void bearsExtremeTemperatures(double temperature) {
    SamplingOptions options = topP(0.9).withTemperature(temperature);
    assertThat(sample(options, -3e38f, 3e38f, 1)).isBetween(0, 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void refusesLogitsThatAreNotNumbers(double temperature) {
    SamplingOptions options = topK(2).withTemperature(temperature);
    assertThatThrownBy(() -> sample(options, 1, Float.NaN, 2))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("logit of token 1 is NaN");
    assertThatThrownBy(() -> sample(options, 1, Float.POSITIVE_INFINITY))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("logit of token 1 is Infinity");
    float[] none = new float[3];
    Arrays.fill(none, Float.NEGATIVE_INFINITY);
    assertThatThrownBy(() -> sample(options, none))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("None of the model's 3 logits is finite");
  }

  private static int sample(SamplingOptions options, float... logits) {
    return Sampler.of(options, logits.length, Set.of()).sample(logits, PROMPT);
  }

  private static String draws(SamplingOptions options) {
    Sampler sampler = Sampler.of(options, 500, Set.of());
    return IntStream.range(0, 40)
        .mapToObj(i -> String.valueOf(sampler.sample(Filtered.gaussian(500, 1), PROMPT)))
        .collect(Collectors.joining(" "));
  }

  private static IntStream byScore(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -logits[i]))
        .mapToInt(i -> i);
  }

  private static SamplingOptions temperature(double temperature) {
    return SamplingOptions.multinomial().withTemperature(temperature).withSeed(3);
  }

  private static SamplingOptions topK(int k) {
    return SamplingOptions.multinomial().withTruncation(Truncation.none().withTopK(k));
  }

  private static SamplingOptions topP(double p) {
    return SamplingOptions.multinomial().withTruncation(Truncation.none().withTopP(p));
  }
}
