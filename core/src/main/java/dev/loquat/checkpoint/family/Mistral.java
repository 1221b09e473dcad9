package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;

/** Mistral: Llama's layers, with a sliding window in the first releases and never a bias. */
final class Mistral implements ModelFamily {

  @Override
  public ModelConfig read(JsonFields config) {
    int window = config.count("sliding_window", Integer.MAX_VALUE, AttentionConfig.FULL);
    return LlamaFields.of(config).model(window, false);
  }

  @Override
  public String weightName(WeightRole role, int layer) {
    return LlamaNames.of(role, layer);
  }
}
