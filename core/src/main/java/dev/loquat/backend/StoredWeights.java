package dev.loquat.backend;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.WeightRole;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The bytes of a range's weights as they lie in the checkpoint's files. */
final class StoredWeights {
  private static final Set<WeightRole> INPUT_BIASES =
      EnumSet.of(WeightRole.QUERY_BIAS, WeightRole.KEY_BIAS, WeightRole.VALUE_BIAS);
  private static final Set<WeightRole> MLP_BIASES =
      EnumSet.of(WeightRole.GATE_BIAS, WeightRole.UP_BIAS, WeightRole.DOWN_BIAS);

  private StoredWeights() {}

  static long bytes(Checkpoint checkpoint, LayerRange range) {
    long layers =
        IntStream.range(range.first(), range.end())
            .mapToLong(layer -> layerBytes(checkpoint, layer))
            .sum();
    return layers
        + (range.isFirstStage() ? bytes(checkpoint, WeightRole.EMBEDDING) : 0)
        + (range.isLastStage() ? headBytes(checkpoint, range) : 0);
  }

  /** A whole model has a tied head once. */
  private static long headBytes(Checkpoint checkpoint, LayerRange range) {
    boolean counted = range.isFirstStage() && checkpoint.config().tiedHead();
    return bytes(checkpoint, WeightRole.FINAL_NORM)
        + (counted ? 0 : bytes(checkpoint, WeightRole.HEAD));
  }

  private static long layerBytes(Checkpoint checkpoint, int layer) {
    LayerConfig config = checkpoint.config().layers().get(layer);
    return Stream.of(WeightRole.values())
        .filter(role -> isUsed(role, config))
        .mapToLong(role -> checkpoint.weight(role, layer).info().byteLength())
        .sum();
  }

  private static boolean isUsed(WeightRole role, LayerConfig layer) {
    if (INPUT_BIASES.contains(role)) {
      return layer.attention().inputBias();
    }
    if (role == WeightRole.ATTENTION_OUTPUT_BIAS) {
      return layer.attention().outputBias();
    }
    return MLP_BIASES.contains(role) ? layer.mlp().bias() : role.isPerLayer();
  }

  private static long bytes(Checkpoint checkpoint, WeightRole role) {
    return checkpoint.weight(role).info().byteLength();
  }
}
