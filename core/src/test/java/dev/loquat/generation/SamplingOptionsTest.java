package dev.loquat.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingOptionsTest {

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesTemperaturesThatDivideNothing(double temperature) {
    refuses(
        () -> SamplingOptions.greedy().withTemperature(temperature),
        "temperature is " + temperature + "; expected 0 (greedy) or a finite number above");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1.1, -1, Double.NaN})
  void refusesMassesThatAreNoShare(double mass) {
    String expected = " is " + mass + "; expected above 0, at most 1 (all)";
    refuses(() -> Truncation.none().withTopP(mass), "topP" + expected);
    refuses(() -> Truncation.none().withTypicalP(mass), "typicalP" + expected);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.1, -0.1, Double.NaN})
  void refusesPartsThatAreNoShare(double part) {
    refuses(
        () -> Truncation.none().withMinP(part), "minP is " + part + "; expected from 0 (all) to 1");
  }

  @Test
  void refusesNegativeCounts() {
    refuses(() -> Truncation.none().withTopK(-1), "topK is -1; expected 0 (all) or more");
    refuses(
        () -> Penalties.none().withNoRepeatNgram(-1),
        "noRepeatNgram is -1; expected 0 (any may repeat) or more");
    refuses(() -> TokenRules.none().withMinNewTokens(-1), "minNewTokens is -1; expected 0 or more");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1e-300, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesRepetitionPenaltiesThatDivideNothing(double penalty) {
    refuses(
        () -> Penalties.none().withRepetition(penalty),
        "repetitionPenalty is "
            + penalty
            + "; expected a number that is above 0 and finite as a float, 1 for none");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-2.5, 2.5, Double.NaN})
  void refusesPenaltiesBeyondTwo(double penalty) {
    String expected = " is " + penalty + "; expected from -2 to 2, 0 for none";
    refuses(() -> Penalties.none().withPresence(penalty), "presencePenalty" + expected);
    refuses(() -> Penalties.none().withFrequency(penalty), "frequencyPenalty" + expected);
  }

  @Test
  void refusesNegativeTokens() {
    refuses(
        () -> TokenRules.none().withForced(List.of(1, -1)),
        "forcedTokens has token -1; expected ids of 0 or more");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY})
  void refusesBiasesThatAreNotFinite(float bias) {
    refuses(
        () -> TokenRules.none().withBias(Map.of(5, bias)),
        "logitBias of token 5 is "
            + bias
            + "; expected a finite number. Ban a token that must not come.");
  }

  @Test
  void refusesRulesThatContradictEachOther() {
    TokenRules banned = TokenRules.none().withBanned(Set.of(5));
    refuses(
        () -> banned.withForced(List.of(4, 5)), "Token 5 is banned and forced; choose one of them");
    refuses(
        () -> banned.withBias(Map.of(5, 1f)), "Token 5 is banned and biased; choose one of them");
    refuses(
        () -> TokenRules.none().withBannedFirst(Set.of(5)).withForced(List.of(5)),
        "Token 5 is banned and forced as the first; choose one of them");
  }

  @Test
  void letsATokenBeForcedWhereItIsNotBanned() {
    TokenRules rules = TokenRules.none().withBannedFirst(Set.of(5)).withForced(List.of(4, 5));
    assertThat(rules.forced()).containsExactly(4, 5);
  }

  @Test
  void refusesALeastLengthAboveTheGreatest() {
    SamplingOptions sampling =
        SamplingOptions.greedy().withTokens(TokenRules.none().withMinNewTokens(9));
    refuses(
        () ->
            new GenerationOptions(
                8,
                sampling,
                StopRules.NONE,
                PromptOverflow.ERROR,
                Turn.ORDINARY,
                OptionalInt.empty(),
                Optional.empty(),
                SpeculationOptions.NONE),
        "minNewTokens is 9, but maxNewTokens is 8; expected no more than that. Set maxNewTokens"
            + " first.");
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
