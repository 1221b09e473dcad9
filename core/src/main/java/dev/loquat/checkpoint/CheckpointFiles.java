package dev.loquat.checkpoint;

import java.util.List;

/** The names of the files that make a Hugging Face checkpoint. */
public final class CheckpointFiles {
  /** What the model is. */
  public static final String CONFIG = "config.json";

  /** The fast tokenizer. */
  public static final String TOKENIZER = "tokenizer.json";

  /** The weights, where they are in one file. */
  public static final String WEIGHTS = "model.safetensors";

  /** The list of shards, where the weights are in several files. */
  public static final String INDEX = "model.safetensors.index.json";

  private static final List<String> DESCRIPTIONS =
      List.of(
          CONFIG,
          TOKENIZER,
          "generation_config.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "chat_template.json");

  private CheckpointFiles() {}

  /**
   * The small files that describe the model and its text; a checkpoint must have the first two.
   *
   * @return the names, {@link #CONFIG} and {@link #TOKENIZER} first
   */
  public static List<String> descriptions() {
    return DESCRIPTIONS;
  }
}
