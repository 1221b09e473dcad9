package dev.loquat;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.error.ConstraintException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.GenerationTimings;
import dev.loquat.generation.Speculation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTextTest {
  record Word(String word) {}

  @ParameterizedTest
  @CsvSource({
    "MAX_NEW_TOKENS, Raise maxNewTokens.",
    "CONTEXT_FULL, 'Shorten the prompt, or load the model with a longer context.'",
    "TIMEOUT, Raise the timeout.",
    "CANCELLED, Ask again."
  })
  void advisesWhatHelpsAgainstTheCut(FinishReason reason, String advice) {
    assertThatThrownBy(() -> RecordText.read(cut(reason), Word.class))
        .isInstanceOf(ConstraintException.class)
        .hasMessageEndingWith("was cut after 2 tokens (" + reason + "): '{\"wo'. " + advice);
  }

  private static GenerationResult cut(FinishReason reason) {
    GenerationTimings timings =
        new GenerationTimings(Duration.ZERO, Duration.ZERO, Optional.empty(), Duration.ZERO, 2);
    return new GenerationResult(
        "{\"wo", List.of(1, 2), List.of(), reason, 3, 0, Speculation.NONE, timings);
  }
}
