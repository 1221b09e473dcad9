package dev.loquat.checkpoint;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The shapes of the weights that a model needs. */
final class WeightShapes {

  private WeightShapes() {}

  /** The weights outside the layers; the head only where it is not the embedding. */
  static Map<WeightRole, List<Long>> outside(ModelConfig model) {
    Map<WeightRole, List<Long>> shapes = new EnumMap<>(WeightRole.class);
    List<Long> embedding = shape(model.vocabularySize(), model.hiddenSize());
    shapes.put(WeightRole.EMBEDDING, embedding);
    shapes.put(WeightRole.FINAL_NORM, shape(model.hiddenSize()));
    if (!model.tiedHead()) {
      shapes.put(WeightRole.HEAD, embedding);
    }
    return shapes;
  }

  /** The weights of one layer. */
  static Map<WeightRole, List<Long>> inLayer(ModelConfig model, LayerConfig layer) {
    Map<WeightRole, List<Long>> shapes = new EnumMap<>(WeightRole.class);
    shapes.put(WeightRole.ATTENTION_NORM, shape(model.hiddenSize()));
    shapes.put(WeightRole.MLP_NORM, shape(model.hiddenSize()));
    addAttention(shapes, model.hiddenSize(), layer.attention());
    addMlp(shapes, model.hiddenSize(), layer.mlp());
    return shapes;
  }

  private static void addAttention(
      Map<WeightRole, List<Long>> shapes, int hidden, AttentionConfig attention) {
    long queries = (long) attention.heads() * attention.headDim();
    long keys = (long) attention.kvHeads() * attention.headDim();
    shapes.put(WeightRole.QUERY, shape(queries, hidden));
    shapes.put(WeightRole.KEY, shape(keys, hidden));
    shapes.put(WeightRole.VALUE, shape(keys, hidden));
    shapes.put(WeightRole.ATTENTION_OUTPUT, shape(hidden, queries));
    if (attention.inputBias()) {
      shapes.put(WeightRole.QUERY_BIAS, shape(queries));
      shapes.put(WeightRole.KEY_BIAS, shape(keys));
      shapes.put(WeightRole.VALUE_BIAS, shape(keys));
    }
    if (attention.outputBias()) {
      shapes.put(WeightRole.ATTENTION_OUTPUT_BIAS, shape(hidden));
    }
  }

  private static void addMlp(Map<WeightRole, List<Long>> shapes, int hidden, MlpConfig mlp) {
    int width = mlp.intermediateSize();
    shapes.put(WeightRole.GATE, shape(width, hidden));
    shapes.put(WeightRole.UP, shape(width, hidden));
    shapes.put(WeightRole.DOWN, shape(hidden, width));
    if (mlp.bias()) {
      shapes.put(WeightRole.GATE_BIAS, shape(width));
      shapes.put(WeightRole.UP_BIAS, shape(width));
      shapes.put(WeightRole.DOWN_BIAS, shape(hidden));
    }
  }

  private static List<Long> shape(long... dimensions) {
    return Arrays.stream(dimensions).boxed().toList();
  }
}
