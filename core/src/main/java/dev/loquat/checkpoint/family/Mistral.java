package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;

/** Mistral: Llama's layers, with a sliding window in the first releases and never a bias. */
final class Mistral implements ModelFamily {
  /** What transformers takes where the field is absent; null there means full attention. */
  private static final int DEFAULT_WINDOW = 4096;

  @Override
  public ModelConfig read(JsonFields config) {
    int absent = config.json().has("sliding_window") ? AttentionConfig.FULL : DEFAULT_WINDOW;
    int window = config.count("sliding_window", Integer.MAX_VALUE, absent);
    return LlamaFields.of(config).model(window, false);
  }

  @Override
  public String weightName(WeightRole role, int layer) {
    return LlamaNames.of(role, layer);
  }
}
