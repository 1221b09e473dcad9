package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;

/** Llama 2 and 3, SmolLM2 and others of {@code model_type} llama. */
final class Llama implements ModelFamily {

  @Override
  public ModelConfig read(JsonFields config) {
    boolean attentionBias = config.flag("attention_bias", false);
    boolean mlpBias = config.flag("mlp_bias", false);
    return LlamaFields.of(config, LlamaDefaults.LLAMA)
        .model(AttentionConfig.FULL, attentionBias, mlpBias);
  }

  @Override
  public String weightName(WeightRole role, int layer) {
    return LlamaNames.of(role, layer);
  }
}
