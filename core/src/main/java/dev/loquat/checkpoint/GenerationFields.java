package dev.loquat.checkpoint;

import java.nio.file.Path;
import java.util.Set;

/** Reads {@code generation_config.json}, with transformers' defaults for what it lacks. */
final class GenerationFields {
  private static final int DEFAULT_TOP_K = 50;

  private GenerationFields() {}

  /** Reads the file; end tokens fall back to {@code config.json}'s. */
  static GenerationDefaults read(Path folder, JsonFields config) {
    JsonFields fields = ConfigFile.find(folder, "generation_config.json").orElse(config);
    Set<Integer> ends = fields.tokenIds("eos_token_id");
    return new GenerationDefaults(
        ends.isEmpty() ? config.tokenIds("eos_token_id") : ends,
        fields.flag("do_sample", false),
        nonNegative(fields, "temperature"),
        topK(fields),
        topP(fields));
  }

  private static double nonNegative(JsonFields fields, String name) {
    double value = fields.number(name, 1);
    if (value < 0) {
      throw fields.wrong(name, "0 or more");
    }
    return value;
  }

  private static int topK(JsonFields fields) {
    double value = fields.number("top_k", DEFAULT_TOP_K);
    if (value < 0 || value != Math.rint(value) || value > Integer.MAX_VALUE) {
      throw fields.wrong("top_k", "a whole number of 0 or more");
    }
    return (int) value;
  }

  private static double topP(JsonFields fields) {
    double value = fields.number("top_p", 1);
    if (value <= 0 || value > 1) {
      throw fields.wrong("top_p", "above 0, at most 1");
    }
    return value;
  }
}
