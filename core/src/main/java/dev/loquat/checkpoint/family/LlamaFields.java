package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryFields;
import dev.loquat.error.UnsupportedModelException;
import java.util.Collections;
import java.util.Set;

/**
 * The fields that families of Llama's layout share, with transformers' defaults.
 *
 * <p>The limits are well above any published model; they cap what a hostile file can make us
 * allocate before its weights are compared with it.
 *
 * @param config the fields of {@code config.json}
 * @param defaults the family's own defaults
 * @param hidden the width of the residual stream
 * @param heads the query heads
 * @param headDim the width of a head
 */
record LlamaFields(JsonFields config, LlamaDefaults defaults, int hidden, int heads, int headDim) {
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_HEADS = 1 << 16;
  private static final int MAX_HEAD_DIM = 1 << 12;
  private static final int MAX_VOCABULARY = 1 << 24;
  private static final int MAX_CONTEXT = 1 << 28;
  private static final int DEFAULT_HIDDEN = 4096;
  private static final int DEFAULT_HEADS = 32;
  private static final int DEFAULT_LAYERS = 32;
  private static final int DEFAULT_VOCABULARY = 32_000;
  private static final double DEFAULT_EPSILON = 1e-6;

  /** Two names of one function. */
  private static final Set<String> ACTIVATIONS = Set.of("silu", "swish");

  static LlamaFields of(JsonFields config, LlamaDefaults defaults) {
    requireActivation(config);
    int heads = config.count("num_attention_heads", MAX_HEADS, DEFAULT_HEADS);
    int hidden = config.count("hidden_size", MAX_WIDTH, DEFAULT_HIDDEN);
    if (!config.has("head_dim") && hidden % heads != 0) {
      throw config.wrong("hidden_size", "a multiple of num_attention_heads " + heads);
    }
    int headDim = config.count("head_dim", MAX_HEAD_DIM, Math.max(1, hidden / heads));
    if (headDim % 2 != 0) {
      throw config.wrong("head_dim", "an even number, since halves are rotated");
    }
    return new LlamaFields(config, defaults, hidden, heads, headDim);
  }

  /**
   * Describes a model of equal layers.
   *
   * @param slidingWindow the window of every layer, or {@link AttentionConfig#FULL}
   * @param attentionBias whether the projections of attention have a bias
   * @param mlpBias whether those of the MLP have one
   */
  ModelConfig model(int slidingWindow, boolean attentionBias, boolean mlpBias) {
    LayerConfig layer = new LayerConfig(attention(slidingWindow, attentionBias), mlp(mlpBias));
    int layers = config.count("num_hidden_layers", MAX_LAYERS, DEFAULT_LAYERS);
    return new ModelConfig(
        config.text("model_type", ""),
        hidden,
        config.count("vocab_size", MAX_VOCABULARY, DEFAULT_VOCABULARY),
        contextLength(),
        config.positive("rms_norm_eps", DEFAULT_EPSILON),
        config.flag("tie_word_embeddings", false),
        Collections.nCopies(layers, layer));
  }

  private static void requireActivation(JsonFields config) {
    String activation = config.text("hidden_act", "silu");
    if (!ACTIVATIONS.contains(activation)) {
      throw new UnsupportedModelException(
          config.where()
              + ": hidden_act '"
              + activation
              + "' is not supported; supported is silu, also called swish.");
    }
  }

  private AttentionConfig attention(int window, boolean bias) {
    double scale = 1 / Math.sqrt(headDim);
    return new AttentionConfig(
        heads, kvHeads(), headDim, scale, bias, bias, window, rotary(window));
  }

  private RotaryConfig rotary(int window) {
    String layerType = window == AttentionConfig.FULL ? "full_attention" : "sliding_attention";
    double part = RotaryFields.rotatedPart(config, layerType);
    if (part != 1) {
      throw new UnsupportedModelException(
          config.where()
              + ": partial_rotary_factor is "
              + part
              + "; supported is 1, since models of this family rotate whole heads.");
    }
    return RotaryFields.read(config, layerType, headDim, contextLength());
  }

  private MlpConfig mlp(boolean bias) {
    int width = config.count("intermediate_size", MAX_WIDTH, defaults.intermediateSize());
    return new MlpConfig(width, bias);
  }

  private int contextLength() {
    return config.count("max_position_embeddings", MAX_CONTEXT, defaults.contextLength());
  }

  private int kvHeads() {
    String name = "num_key_value_heads";
    int kvHeads = config.count(name, MAX_HEADS, absentKvHeads(config.json().has(name)));
    if (heads % kvHeads != 0) {
      throw config.wrong(name, "a divisor of num_attention_heads " + heads);
    }
    return kvHeads;
  }

  /** An explicit null means as many as query heads in every family. */
  private int absentKvHeads(boolean isNull) {
    return isNull || defaults.kvHeads() == LlamaDefaults.AS_QUERY_HEADS
        ? heads
        : defaults.kvHeads();
  }
}
