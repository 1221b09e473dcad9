package dev.loquat.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.error.UnsupportedModelException;

/** Mistral: Llama's layers, with a sliding window in the first releases and never a bias. */
final class Mistral implements ModelFamily {
  /** What transformers takes where the field is absent; null there means full attention. */
  private static final int DEFAULT_WINDOW = 4096;

  @Override
  public ModelConfig read(JsonFields config) {
    int window = isFull(config) ? AttentionConfig.FULL : window(config);
    return LlamaFields.of(config, LlamaDefaults.MISTRAL).model(window, false, false);
  }

  @Override
  public String weightName(WeightRole role, int layer) {
    return LlamaNames.of(role, layer);
  }

  private static int window(JsonFields config) {
    int absent = config.json().has("sliding_window") ? AttentionConfig.FULL : DEFAULT_WINDOW;
    return config.count("sliding_window", Integer.MAX_VALUE, absent);
  }

  /** Whether the file says of every layer that it sees all positions, whatever the window. */
  private static boolean isFull(JsonFields config) {
    JsonNode types = config.json().path("layer_types");
    int full = 0;
    for (JsonNode type : types) {
      full += type.asText().equals("full_attention") ? 1 : 0;
    }
    if (full > 0 && full < types.size()) {
      throw new UnsupportedModelException(
          config.where()
              + ": layer_types has full_attention in "
              + full
              + " of "
              + types.size()
              + " layers; supported for mistral is one type of attention in all layers.");
    }
    return full > 0;
  }
}
