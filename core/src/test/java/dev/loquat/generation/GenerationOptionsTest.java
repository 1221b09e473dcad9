package dev.loquat.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GenerationOptionsTest {
  private final GenerationOptions options =
      new GenerationOptions(
          2,
          SamplingOptions.greedy(),
          StopRules.NONE,
          PromptOverflow.ERROR,
          Turn.ORDINARY,
          OptionalInt.empty(),
          Optional.empty(),
          SpeculationOptions.NONE);

  @Test
  void refusesMoreForcedTokensThanNewOnes() {
    SamplingOptions forced = forcing(List.of(5, 6, 7));
    assertThatThrownBy(() -> options.withSampling(forced))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The number of forcedTokens is 3, but maxNewTokens is 2; expected no more than that."
                + " Set maxNewTokens first.");
    assertThat(options.withMaxNewTokens(3).withSampling(forced).maxNewTokens()).isEqualTo(3);
  }

  @Test
  void refusesAGreaterLeastLengthThanTheLimit() {
    SamplingOptions least =
        SamplingOptions.greedy().withTokens(TokenRules.none().withMinNewTokens(3));
    assertThatThrownBy(() -> options.withSampling(least))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "minNewTokens is 3, but maxNewTokens is 2; expected no more than that. Set"
                + " maxNewTokens first.");
  }

  @Test
  void refusesAStopSequenceWithHalfACharacter() {
    assertThatThrownBy(() -> new StopRules(List.of("end", "\uDE00"), Set.of(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "A stop sequence has the surrogate U+DE00 without its pair; write the whole character");
    assertThat(new StopRules(List.of("\uD83D\uDE00"), Set.of(), false).sequences()).hasSize(1);
  }

  private static SamplingOptions forcing(List<Integer> tokens) {
    return SamplingOptions.greedy().withTokens(TokenRules.none().withForced(tokens));
  }
}
