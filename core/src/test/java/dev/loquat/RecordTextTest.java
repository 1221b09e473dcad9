package dev.loquat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.loquat.constraint.Constraint;
import dev.loquat.error.ConstraintException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.GenerationTimings;
import dev.loquat.generation.Speculation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTextTest {
  record Word(String word) {}

  @ParameterizedTest
  @CsvSource({
    "MAX_NEW_TOKENS, 'Raise maxNewTokens; where the text repeats itself, set a repetitionPenalty or"
        + " constrain it to a JSON schema with maxItems and maxLength.'",
    "CONTEXT_FULL, 'Shorten the prompt, or load the model with a longer context.'",
    "TIMEOUT, Raise the timeout.",
    "CANCELLED, Ask again."
  })
  void advisesWhatHelpsAgainstTheCut(FinishReason reason, String advice) {
    assertThatThrownBy(() -> RecordText.read(cut(reason), Word.class))
        .isInstanceOf(ConstraintException.class)
        .hasMessageEndingWith("was cut after 2 tokens (" + reason + "): '{\"wo'. " + advice);
  }

  @Test
  void advisesMoreSlotsWhereThereWasNone() {
    assertThatThrownBy(
            () ->
                RecordText.read(
                    result("", FinishReason.TIMEOUT, Duration.ofMillis(5), 0), Word.class))
        .isInstanceOf(ConstraintException.class)
        .hasMessageEndingWith(
            "was cut after 0 tokens (TIMEOUT): ''. It waited for a slot until the timeout was over."
                + " Load the model with more slots (batch), have fewer callers at a time, or raise"
                + " the timeout.");
  }

  enum Color {
    @JsonProperty("red")
    RED,
    @JsonProperty("dark blue")
    DARK_BLUE
  }

  record Annotated(@JsonProperty("full_name") String name, @JsonIgnore int age, Color color) {}

  /** The constraint has the components' names and the constants' too. */
  @Test
  void readsComponentsByTheirOwnNamesWhateverTheirAnnotations() {
    assertThat(Constraint.record(Annotated.class).toString())
        .contains("\"name\"", "\"age\"", "\"DARK_BLUE\"");
    String text = "{\"name\":\"Ann\",\"age\":7,\"color\":\"DARK_BLUE\"}";
    assertThat(RecordText.read(result(text, FinishReason.CONSTRAINT_COMPLETE), Annotated.class))
        .isEqualTo(new Annotated("Ann", 7, Color.DARK_BLUE));
  }

  private static GenerationResult cut(FinishReason reason) {
    return result("{\"wo", reason);
  }

  private static GenerationResult result(String text, FinishReason reason) {
    return result(text, reason, Duration.ZERO, 2);
  }

  private static GenerationResult result(
      String text, FinishReason reason, Duration queued, int newTokens) {
    GenerationTimings timings =
        new GenerationTimings(
            Duration.ZERO, queued, Optional.empty(), Duration.ofMillis(5), newTokens);
    return new GenerationResult(
        text,
        Collections.nCopies(newTokens, 1),
        List.of(),
        reason,
        3,
        0,
        Speculation.NONE,
        timings);
  }
}
