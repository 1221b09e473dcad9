package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The weights of a graph. Each stays in its file; the graph says how to bring it to the type it is
 * multiplied in, which the runtime does once, when it loads the graph.
 */
final class GraphWeights {
  private final GraphBuilder graph;
  private final Checkpoint checkpoint;
  private final NumberFormat format;
  private final WeightLocation location;
  private final Map<TensorInfo, TensorInfo> rounded;
  private final Map<TensorInfo, String> mapped = new HashMap<>();

  /**
   * Creates them; nothing is added to the graph yet.
   *
   * @param rounded where weights lie that are rounded already
   */
  GraphWeights(
      GraphBuilder graph,
      Checkpoint checkpoint,
      NumberFormat format,
      Path folder,
      Map<TensorInfo, TensorInfo> rounded) {
    this.graph = graph;
    this.checkpoint = checkpoint;
    this.format = format;
    this.location = new WeightLocation(folder);
    this.rounded = rounded;
  }

  /** A weight outside the layers, ready to compute with. */
  String outside(WeightRole role) {
    return weight(lowerCase(role), checkpoint.weight(role));
  }

  /** Rows of the embedding, one for each id, ready to compute with. Only they are converted. */
  String embedded(String ids) {
    Tensor embedding = checkpoint.weight(WeightRole.EMBEDDING);
    Node gather = Node.standard("Gather", map("embedding", embedding.info()), ids);
    return convert(graph.add(gather, "embedded"), embedding.info());
  }

  /** A layer's weight, ready to compute with. Several are stacked by rows. */
  String layer(int layer, WeightRole... roles) {
    String[] parts =
        Stream.of(roles)
            .map(role -> weight(layerName(layer, role), checkpoint.weight(role, layer)))
            .toArray(String[]::new);
    return parts.length == 1 ? parts[0] : stack(layerName(layer, roles[0]), parts);
  }

  private String stack(String name, String... parts) {
    return graph.add(Node.standard("Concat", parts).with("axis", 0), name + ".stacked");
  }

  private String weight(String name, Tensor tensor) {
    TensorInfo place = rounded.get(tensor.info());
    return place == null
        ? convert(map(name, tensor.info()), tensor.info())
        : cast(map(name, place), OnnxType.of(place.type()), format.compute());
  }

  private String convert(String value, TensorInfo info) {
    OnnxType stored = OnnxType.of(info.type());
    String rounded = cast(value, stored, format.rounding());
    return cast(rounded, format.rounding(), format.compute());
  }

  private String cast(String value, OnnxType from, OnnxType to) {
    return from == to ? value : graph.add(Node.cast(value, to), value + "." + lowerCase(to));
  }

  private String map(String name, TensorInfo info) {
    return mapped.computeIfAbsent(info, absent -> graph.weight(external(name, info)));
  }

  private ExternalTensor external(String name, TensorInfo info) {
    return new ExternalTensor(
        name,
        OnnxType.of(info.type()),
        info.shape(),
        location.of(info.file()),
        info.fileOffset(),
        info.byteLength());
  }

  private static String layerName(int layer, WeightRole role) {
    return "layers." + layer + "." + lowerCase(role);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
