package dev.loquat.checkpoint;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How a checkpoint's weights are stored, one by one. */
final class StoredTypes {
  private StoredTypes() {}

  static List<ElementType> of(Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    Stream<Tensor> outside = WeightShapes.outside(config).keySet().stream().map(checkpoint::weight);
    Stream<Tensor> inLayers =
        IntStream.range(0, config.layers().size())
            .boxed()
            .flatMap(layer -> inLayer(checkpoint, layer));
    return Stream.concat(outside, inLayers).map(tensor -> tensor.info().type()).toList();
  }

  private static Stream<Tensor> inLayer(Checkpoint checkpoint, int layer) {
    ModelConfig config = checkpoint.config();
    return WeightShapes.inLayer(config, config.layers().get(layer)).keySet().stream()
        .map(role -> checkpoint.weight(role, layer));
  }
}
