package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;

/**
 * Llama 2 and 3, SmolLM2 and others of {@code model_type} llama. Defaults are those of
 * transformers' {@code LlamaConfig}.
 */
final class Llama implements ModelFamily {

  @Override
  public ModelConfig read(JsonFields config) {
    int window = AttentionConfig.FULL;
    return LlamaFields.of(config).model(window, config.flag("attention_bias", false));
  }

  @Override
  public String weightName(WeightRole role, int layer) {
    return LlamaNames.of(role, layer);
  }
}
