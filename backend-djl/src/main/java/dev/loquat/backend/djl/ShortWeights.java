package dev.loquat.backend.djl;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.WeightRole;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whether a checkpoint's matrices have 16 bits a weight, as published models mostly have. */
final class ShortWeights {
  private ShortWeights() {}

  static boolean of(Checkpoint checkpoint) {
    Stream<ElementType> layers =
        IntStream.range(0, checkpoint.config().layers().size())
            .boxed()
            .flatMap(layer -> inLayer(checkpoint, layer));
    Stream<ElementType> head = Stream.of(checkpoint.weight(WeightRole.HEAD).info().type());
    return Stream.concat(head, layers)
        .allMatch(type -> type == ElementType.BF16 || type == ElementType.F16);
  }

  private static Stream<ElementType> inLayer(Checkpoint checkpoint, int layer) {
    return Stream.of(
            WeightRole.QUERY,
            WeightRole.KEY,
            WeightRole.VALUE,
            WeightRole.ATTENTION_OUTPUT,
            WeightRole.GATE,
            WeightRole.UP,
            WeightRole.DOWN)
        .map(role -> checkpoint.weight(role, layer).info().type());
  }
}
