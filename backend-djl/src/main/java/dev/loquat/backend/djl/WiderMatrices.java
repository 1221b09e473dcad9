package dev.loquat.backend.djl;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.Precision;
import dev.loquat.device.WiderWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Which weights of a model are held wider, and which matrices among them. */
final class WiderMatrices {
  private final ModelConfig config;
  private final LinearKernel kernel;
  private final List<WiderWeights> found = new ArrayList<>();

  private WiderMatrices(ModelConfig config, LinearKernel kernel) {
    this.config = config;
    this.kernel = kernel;
  }

  static List<WiderWeights> of(Checkpoint checkpoint, Lowering lowering) {
    WiderMatrices wider = new WiderMatrices(checkpoint.config(), lowering.kernel());
    if (lowering.kernel() == LinearKernel.INT4_PACKED) {
      wider.found.add(new WiderWeights("head", Precision.INT8));
      wider.found.add(new WiderWeights("query, key and value", Precision.INT8));
      wider.addMatrices();
    }
    TorchType embedding =
        lowering.embeddingType(checkpoint.weight(WeightRole.EMBEDDING).info().type());
    if (lowering.precision().storage().isQuantized() || embedding == TorchType.FLOAT32) {
      wider.found.add(new WiderWeights("embedding", embedding.precision()));
    }
    wider.found.add(new WiderWeights("norms and biases", Precision.FP32));
    return wider.found;
  }

  private void addMatrices() {
    int hidden = config.hiddenSize();
    add("attention output", layer -> fits(hidden, attended(layer)));
    add("gate and up", layer -> fits(2L * layer.mlp().intermediateSize(), hidden));
    add("down", layer -> fits(hidden, layer.mlp().intermediateSize()));
  }

  private void add(String matrices, Predicate<LayerConfig> fit) {
    List<LayerConfig> layers = config.layers();
    int[] wide = IntStream.range(0, layers.size()).filter(i -> !fit.test(layers.get(i))).toArray();
    if (wide.length > 0) {
      String where = wide.length == layers.size() ? "all layers" : wide.length + " layers";
      found.add(
          new WiderWeights(
              String.format(Locale.ROOT, "%s of %s", matrices, where), Precision.INT8));
    }
  }

  private boolean fits(long rows, long columns) {
    return kernel.bits(rows, columns) < Byte.SIZE;
  }

  private static long attended(LayerConfig layer) {
    return (long) layer.attention().heads() * layer.attention().headDim();
  }
}
