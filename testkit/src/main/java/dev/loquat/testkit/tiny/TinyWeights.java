package dev.loquat.testkit.tiny;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random weights under Llama's names. They are scaled so that a mistake shows: attention is sharp
 * enough to tell positions apart, and logits spread by about {@value #LOGIT_SPREAD}.
 */
final class TinyWeights {
  private static final double LOGIT_SPREAD = 1.5;
  private static final double SHARP = 1.5;
  private static final double PLAIN = 1;
  private static final double NORM_SPREAD = 0.2;
  private static final double BIAS_SPREAD = 0.3;

  private final TinyCheckpoint shape;
  private final Random random;
  private final List<TinyTensor> tensors = new ArrayList<>();

  private TinyWeights(TinyCheckpoint shape) {
    this.shape = shape;
    random = new Random(shape.seed);
  }

  static List<TinyTensor> of(TinyCheckpoint shape) {
    TinyWeights weights = new TinyWeights(shape);
    weights.addModel();
    return List.copyOf(weights.tensors);
  }

  private void addModel() {
    addMatrix("model.embed_tokens.weight", shape.vocabularySize, shape.hiddenSize, LOGIT_SPREAD);
    for (int layer = 0; layer < shape.layers; layer++) {
      addLayer("model.layers." + layer + ".");
    }
    addNorm("model.norm.weight");
    if (!shape.tiedHead) {
      addMatrix("lm_head.weight", shape.vocabularySize, shape.hiddenSize, LOGIT_SPREAD);
    }
  }

  private void addLayer(String layer) {
    addNorm(layer + "input_layernorm.weight");
    addAttention(layer + "self_attn.");
    addNorm(layer + "post_attention_layernorm.weight");
    addMlp(layer + "mlp.");
  }

  private void addAttention(String attention) {
    int queries = shape.heads * shape.headDim;
    int keys = shape.kvHeads * shape.headDim;
    boolean bias = shape.attentionBias;
    addProjection(attention + "q_proj", queries, shape.hiddenSize, SHARP, bias);
    addProjection(attention + "k_proj", keys, shape.hiddenSize, SHARP, bias);
    addProjection(attention + "v_proj", keys, shape.hiddenSize, PLAIN, bias);
    addProjection(attention + "o_proj", shape.hiddenSize, queries, PLAIN, bias);
  }

  private void addMlp(String mlp) {
    boolean bias = shape.mlpBias;
    addProjection(mlp + "gate_proj", shape.intermediateSize, shape.hiddenSize, PLAIN, bias);
    addProjection(mlp + "up_proj", shape.intermediateSize, shape.hiddenSize, PLAIN, bias);
    addProjection(mlp + "down_proj", shape.hiddenSize, shape.intermediateSize, PLAIN, bias);
  }

  private void addProjection(String name, int rows, int columns, double gain, boolean bias) {
    addMatrix(name + ".weight", rows, columns, gain);
    if (bias) {
      add(name + ".bias", 0, BIAS_SPREAD, rows);
    }
  }

  private void addMatrix(String name, int rows, int columns, double gain) {
    add(name, 0, gain / Math.sqrt(columns), rows, columns);
  }

  private void addNorm(String name) {
    add(name, 1, NORM_SPREAD, shape.hiddenSize);
  }

  private void add(String name, double mean, double spread, int... dimensions) {
    int elements = 1;
    for (int dimension : dimensions) {
      elements = Math.multiplyExact(elements, dimension);
    }
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) (mean + spread * random.nextGaussian());
    }
    tensors.add(new TinyTensor(name, dimensions, values));
  }
}
