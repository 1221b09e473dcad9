package dev.loquat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.loquat.error.ConstraintException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import java.util.Set;

/** Reads a text generated under a record's constraint. */
final class RecordText {
  /** What an error message quotes of a text: where it was cut. */
  private static final int QUOTED_END = 60;

  private static final Set<FinishReason> COMPLETE =
      Set.of(FinishReason.END_TOKEN, FinishReason.CONSTRAINT_COMPLETE);

  /** Reads by the names that the constraint wrote: those of components and constants. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.USE_ANNOTATIONS)
          .addModule(new Jdk8Module())
          .build();

  private RecordText() {}

  static <T extends Record> T read(GenerationResult result, Class<T> type) {
    if (!COMPLETE.contains(result.finishReason())) {
      throw new ConstraintException(
          "The JSON of "
              + type.getName()
              + " was cut after "
              + result.newTokens()
              + " tokens ("
              + result.finishReason()
              + "): '"
              + end(result.text())
              + "'. "
              + advice(result));
    }
    try {
      return JSON.readValue(result.text(), type);
    } catch (JsonProcessingException e) {
      throw new ConstraintException(
          type.getName()
              + " refuses the values of '"
              + result.text()
              + "': "
              + e.getOriginalMessage()
              + ". Let the record take every value of its components' types.",
          e);
    }
  }

  private static String advice(GenerationResult cut) {
    return switch (cut.finishReason()) {
      case MAX_NEW_TOKENS ->
          "Raise maxNewTokens; where the text repeats itself, set a repetitionPenalty or constrain it to"
              + " a JSON schema with maxItems and maxLength.";
      case CONTEXT_FULL -> "Shorten the prompt, or load the model with a longer context.";
      case TIMEOUT ->
          cut.timings().hasOnlyWaited()
              ? "It waited for a slot until the timeout was over. Load the model with more slots"
                  + " (batch), have fewer callers at a time, or raise the timeout."
              : "Raise the timeout.";
      default -> "Ask again.";
    };
  }

  private static String end(String text) {
    int length = text.codePointCount(0, text.length());
    return length <= QUOTED_END
        ? text
        : "…" + text.substring(text.offsetByCodePoints(0, length - QUOTED_END));
  }
}
