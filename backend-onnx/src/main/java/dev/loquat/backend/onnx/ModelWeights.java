package dev.loquat.backend.onnx;

import static dev.loquat.checkpoint.WeightRole.*;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The weights that a range of a model's layers uses, each once. */
final class ModelWeights {
  private static final Set<WeightRole> INPUT_BIASES = EnumSet.of(QUERY_BIAS, KEY_BIAS, VALUE_BIAS);
  private static final Set<WeightRole> MLP_BIASES = EnumSet.of(GATE_BIAS, UP_BIAS, DOWN_BIAS);

  private ModelWeights() {}

  static List<Tensor> of(Checkpoint checkpoint, LayerRange range) {
    List<Tensor> weights = new ArrayList<>();
    if (range.isFirstStage()) {
      weights.add(checkpoint.weight(EMBEDDING));
    }
    for (int layer = range.first(); layer < range.end(); layer++) {
      for (WeightRole role : roles(checkpoint.config().layers().get(layer))) {
        weights.add(checkpoint.weight(role, layer));
      }
    }
    if (range.isLastStage()) {
      weights.add(checkpoint.weight(FINAL_NORM));
      if (!range.isFirstStage() || !checkpoint.config().tiedHead()) {
        weights.add(checkpoint.weight(HEAD));
      }
    }
    return weights;
  }

  /**
   * Those that a graph holds converted: not the embedding, whose rows are converted when they are
   * looked up, unless it is the head, too.
   */
  static List<Tensor> held(Checkpoint checkpoint, LayerRange range) {
    List<Tensor> weights = of(checkpoint, range);
    boolean isHead = range.isLastStage() && checkpoint.config().tiedHead();
    return range.isFirstStage() && !isHead ? weights.subList(1, weights.size()) : weights;
  }

  /** What a layer's weights do, in the order of the constants. */
  static List<WeightRole> roles(LayerConfig layer) {
    return Stream.of(WeightRole.values()).filter(role -> isUsed(role, layer)).toList();
  }

  private static boolean isUsed(WeightRole role, LayerConfig layer) {
    if (INPUT_BIASES.contains(role)) {
      return layer.attention().inputBias();
    }
    if (role == ATTENTION_OUTPUT_BIAS) {
      return layer.attention().outputBias();
    }
    return MLP_BIASES.contains(role) ? layer.mlp().bias() : role.isPerLayer();
  }
}
