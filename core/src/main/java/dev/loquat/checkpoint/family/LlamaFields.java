package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryFields;
import dev.loquat.error.UnsupportedModelException;
import java.util.Collections;

/**
 * The fields that families of Llama's layout share.
 *
 * <p>The limits are well above any published model; they cap what a hostile file can make us
 * allocate before its weights are compared with it.
 *
 * @param config the fields of {@code config.json}
 * @param heads the query heads
 * @param headDim the width of a head
 */
record LlamaFields(JsonFields config, int heads, int headDim) {
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_HEADS = 1 << 16;
  private static final int MAX_HEAD_DIM = 1 << 12;
  private static final int MAX_VOCABULARY = 1 << 24;
  private static final int MAX_CONTEXT = 1 << 28;
  private static final int DEFAULT_CONTEXT = 2048;
  private static final double DEFAULT_EPSILON = 1e-6;

  static LlamaFields of(JsonFields config) {
    String activation = config.text("hidden_act", "silu");
    if (!activation.equals("silu")) {
      throw new UnsupportedModelException(
          config.where()
              + ": hidden_act '"
              + activation
              + "' is not supported; supported is silu.");
    }
    int heads = config.count("num_attention_heads", MAX_HEADS);
    int hidden = config.count("hidden_size", MAX_WIDTH);
    if (!config.has("head_dim") && hidden % heads != 0) {
      throw config.wrong("hidden_size", "a multiple of num_attention_heads " + heads);
    }
    int headDim = config.count("head_dim", MAX_HEAD_DIM, Math.max(1, hidden / heads));
    if (headDim % 2 != 0) {
      throw config.wrong("head_dim", "an even number, since halves are rotated");
    }
    return new LlamaFields(config, heads, headDim);
  }

  ModelConfig model(int slidingWindow, boolean attentionBias) {
    AttentionConfig attention =
        new AttentionConfig(
            heads,
            kvHeads(),
            headDim,
            1 / Math.sqrt(headDim),
            attentionBias,
            attentionBias,
            slidingWindow,
            RotaryFields.read(config, "full_attention", headDim));
    MlpConfig mlp =
        new MlpConfig(config.count("intermediate_size", MAX_WIDTH), config.flag("mlp_bias", false));
    int layers = config.count("num_hidden_layers", MAX_LAYERS);
    return new ModelConfig(
        config.text("model_type", ""),
        config.count("hidden_size", MAX_WIDTH),
        config.count("vocab_size", MAX_VOCABULARY),
        config.count("max_position_embeddings", MAX_CONTEXT, DEFAULT_CONTEXT),
        config.positive("rms_norm_eps", DEFAULT_EPSILON),
        config.flag("tie_word_embeddings", false),
        Collections.nCopies(layers, new LayerConfig(attention, mlp)));
  }

  private int kvHeads() {
    int kvHeads = config.count("num_key_value_heads", MAX_HEADS, heads);
    if (heads % kvHeads != 0) {
      throw config.wrong("num_key_value_heads", "a divisor of num_attention_heads " + heads);
    }
    return kvHeads;
  }
}
