package dev.loquat.checkpoint;

import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Truncation;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code generation_config.json}, with transformers' defaults for what it lacks. */
final class GenerationFields {
  private static final int DEFAULT_TOP_K = 50;

  private GenerationFields() {}

  /**
   * Reads the file; end tokens fall back to {@code config.json}'s. Where neither names one there is
   * none: transformers' configuration then says 2, but its {@code generate} runs on, too.
   */
  static GenerationDefaults read(Path folder, JsonFields config, int vocabularySize) {
    JsonFields fields = ConfigFile.find(folder, "generation_config.json").orElse(config);
    Set<Integer> ends = fields.tokenIds("eos_token_id");
    return new GenerationDefaults(
        ends.isEmpty() ? config.tokenIds("eos_token_id") : ends, sampling(fields, vocabularySize));
  }

  private static SamplingOptions sampling(JsonFields fields, int vocabularySize) {
    double temperature = temperature(fields);
    return new SamplingOptions(
        fields.flag("do_sample", false) ? temperature : 0,
        truncation(fields),
        penalties(fields),
        tokens(fields, vocabularySize),
        List.of(),
        OptionalLong.empty());
  }

  private static Truncation truncation(JsonFields fields) {
    return new Truncation(
        wholeNumber(fields, "top_k", DEFAULT_TOP_K),
        mass(fields, "top_p"),
        part(fields, "min_p"),
        mass(fields, "typical_p"));
  }

  private static Penalties penalties(JsonFields fields) {
    return Penalties.none()
        .withRepetition(fields.positive("repetition_penalty", 1))
        .withNoRepeatNgram(wholeNumber(fields, "no_repeat_ngram_size", 0));
  }

  /** Banned ids that the vocabulary lacks are ignored, as in transformers: they can't come. */
  private static TokenRules tokens(JsonFields fields, int vocabularySize) {
    return TokenRules.none()
        .withBanned(known(fields.tokenIds("suppress_tokens"), vocabularySize))
        .withBannedFirst(known(fields.tokenIds("begin_suppress_tokens"), vocabularySize))
        .withMinNewTokens(wholeNumber(fields, "min_new_tokens", 0));
  }

  private static Set<Integer> known(Set<Integer> ids, int vocabularySize) {
    return ids.stream().filter(id -> id < vocabularySize).collect(Collectors.toSet());
  }

  private static double temperature(JsonFields fields) {
    double value = fields.number("temperature", 1);
    if (value < 0) {
      throw fields.wrong("temperature", "0 or more");
    }
    return value;
  }

  private static int wholeNumber(JsonFields fields, String name, int absent) {
    double value = fields.number(name, absent);
    if (value < 0 || value != Math.rint(value) || value > Integer.MAX_VALUE) {
      throw fields.wrong(name, "a whole number of 0 or more");
    }
    return (int) value;
  }

  private static double mass(JsonFields fields, String name) {
    double value = fields.number(name, 1);
    if (value <= 0 || value > 1) {
      throw fields.wrong(name, "above 0, at most 1");
    }
    return value;
  }

  private static double part(JsonFields fields, String name) {
    double value = fields.number(name, 0);
    if (value < 0 || value > 1) {
      throw fields.wrong(name, "from 0 to 1");
    }
    return value;
  }
}
