package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Truncation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Samplers beside {@link NaiveSampling}, which sorts and copies as it likes. */
class SamplingPropertiesTest {

  private static final int VOCABULARY = 60;
  private static final Set<Integer> END_TOKENS = Set.of(0, 59);

  @Property(tries = 3000)
  void keepsTheProbabilitiesOfTheNaiveSampling(
      @ForAll("options") SamplingOptions options,
      @ForAll("logits") float[] logits,
      @ForAll("histories") TokenHistory history) {
    double[] expected = new NaiveSampling(options, END_TOKENS).probabilities(logits, history);

    Sampler sampler = Sampler.of(options, VOCABULARY, END_TOKENS);

    assertThat(sampler.probabilities(logits.clone(), history))
        .containsExactly(expected, within(1e-4));
  }

  @Property(tries = 500)
  void choosesOnlyTokensThatCanBeChosen(
      @ForAll("options") SamplingOptions options,
      @ForAll("logits") float[] logits,
      @ForAll("histories") TokenHistory history) {
    Sampler sampler = Sampler.of(options, VOCABULARY, END_TOKENS);
    double[] probabilities = sampler.probabilities(logits.clone(), history);

    assertThat(probabilities).hasSize(VOCABULARY);
    assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-9));
    for (int draw = 0; draw < 20; draw++) {
      assertThat(probabilities[sampler.sample(logits.clone(), history)]).isPositive();
    }
  }

  @Property(tries = 300)
  void choosesTheSameForTheSameSeed(
      @ForAll("options") SamplingOptions options,
      @ForAll("logits") float[] logits,
      @ForAll("histories") TokenHistory history) {
    Sampler first = Sampler.of(options.withSeed(5), VOCABULARY, END_TOKENS);
    Sampler second = Sampler.of(options.withSeed(5), VOCABULARY, END_TOKENS);
    for (int draw = 0; draw < 10; draw++) {
      assertThat(second.sample(logits.clone(), history))
          .isEqualTo(first.sample(logits.clone(), history));
    }
  }

  /** Each option is often at the value that sets nothing, so that all combinations come. */
  @Provide
  Arbitrary<SamplingOptions> options() {
    return Combinators.combine(
            Arbitraries.oneOf(Arbitraries.of(0.0, 1.0), decimals(0.2, 4)),
            truncations(),
            penalties(),
            rules())
        .as(
            (temperature, truncation, penalties, rules) ->
                new SamplingOptions(
                    temperature, truncation, penalties, rules, List.of(), OptionalLong.of(1)));
  }

  /** Few values, so that equals are common. */
  @Provide
  Arbitrary<float[]> logits() {
    return Arbitraries.longs()
        .map(
            seed -> {
              Random random = new Random(seed);
              float[] logits = new float[VOCABULARY];
              for (int i = 0; i < VOCABULARY; i++) {
                logits[i] = Math.round(8 * random.nextGaussian()) / 4f;
              }
              return logits;
            });
  }

  /** Few tokens, so that n-grams repeat. */
  @Provide
  Arbitrary<TokenHistory> histories() {
    Arbitrary<List<Integer>> tokens = Arbitraries.integers().between(10, 15).list().ofMaxSize(30);
    return Combinators.combine(tokens.filter(prompt -> !prompt.isEmpty()), tokens)
        .as(ListedTokens::of);
  }

  private static Arbitrary<Truncation> truncations() {
    return Combinators.combine(
            orNeutral(0, Arbitraries.integers().between(1, VOCABULARY + 5)),
            orNeutral(1.0, decimals(0.001, 1)),
            orNeutral(0.0, decimals(0, 1)),
            orNeutral(1.0, decimals(0.001, 1)))
        .as(Truncation::new);
  }

  private static Arbitrary<Penalties> penalties() {
    return Combinators.combine(
            orNeutral(1.0, decimals(0.5, 3)),
            orNeutral(0.0, decimals(-2, 2)),
            orNeutral(0.0, decimals(-2, 2)),
            orNeutral(0, Arbitraries.integers().between(1, 5)))
        .as(Penalties::new);
  }

  private static Arbitrary<TokenRules> rules() {
    Arbitrary<Integer> lower = Arbitraries.integers().between(0, 29);
    return Combinators.combine(
            orNeutral(
                Map.of(),
                Arbitraries.maps(lower, Arbitraries.floats().between(-5, 5)).ofMaxSize(5)),
            Arbitraries.integers().between(30, 44).set().ofMaxSize(5),
            Arbitraries.integers().between(30, 44).set().ofMaxSize(5),
            orNeutral(List.of(), lower.list().ofMaxSize(3)),
            orNeutral(0, Arbitraries.integers().between(1, 30)))
        .as(TokenRules::new);
  }

  private static Arbitrary<Double> decimals(double least, double most) {
    return Arbitraries.doubles().between(least, most).ofScale(6);
  }

  private static <T> Arbitrary<T> orNeutral(T neutral, Arbitrary<T> values) {
    return Arbitraries.oneOf(Arbitraries.just(neutral), values);
  }
}
