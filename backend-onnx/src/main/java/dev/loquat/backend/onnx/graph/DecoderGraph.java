package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.quantization.QuantizedWeights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A range of a decoder's layers as an ONNX model. Its inputs and outputs are {@link GraphValues};
 * its weights stay in the checkpoint's files.
 *
 * <p>Immutable.
 */
public final class DecoderGraph {
  private final ModelConfig config;
  private final LayerRange range;
  private final OnnxType compute;
  private final NumberFormat format;
  private final Checkpoint checkpoint;
  private final List<RotaryConfig> rotaries;
  private final GraphBuilder graph = new GraphBuilder("decoder");
  private final GraphWeights weights;
  private final Linears linears;

  private DecoderGraph(
      Checkpoint checkpoint,
      LayerRange range,
      NumberFormat format,
      Path folder,
      Map<TensorInfo, TensorInfo> rounded,
      Optional<QuantizedWeights> blocks,
      boolean stacked) {
    this.config = checkpoint.config();
    this.range = range;
    this.compute = format.compute();
    this.format = format;
    this.checkpoint = checkpoint;
    this.rotaries =
        config.layers().subList(range.first(), range.end()).stream()
            .map(layer -> layer.attention().rotary())
            .distinct()
            .toList();
    this.weights = new GraphWeights(graph, checkpoint, format, folder, rounded);
    this.linears =
        blocks
            .<Linears>map(quantized -> new BlockLinears(graph, quantized, folder))
            .orElseGet(() -> new FloatLinears(graph, weights, stacked));
  }

  /**
   * Lowers a range of layers.
   *
   * @param checkpoint the model and where its weights lie
   * @param range the layers of the stage
   * @param format the types of its numbers
   * @param folder a folder above all weight files, absolute; the runtime is given it too
   * @param rounded where weights lie that are rounded already, by where the checkpoint has them
   * @return the graph
   */
  public static DecoderGraph of(
      Checkpoint checkpoint,
      LayerRange range,
      NumberFormat format,
      Path folder,
      Map<TensorInfo, TensorInfo> rounded) {
    return lowered(
        new DecoderGraph(checkpoint, range, format, folder, rounded, Optional.empty(), true));
  }

  /**
   * Lowers a range of layers so that no matrix leaves its file: none are stacked.
   *
   * @param checkpoint the model and where its weights lie
   * @param range the layers of the stage
   * @param format the types of its numbers
   * @param folder a folder above all weight files, absolute; the runtime is given it too
   * @param converted where weights lie that are not stored as they are computed with
   * @return the graph
   */
  public static DecoderGraph inFiles(
      Checkpoint checkpoint,
      LayerRange range,
      NumberFormat format,
      Path folder,
      Map<TensorInfo, TensorInfo> converted) {
    return lowered(
        new DecoderGraph(checkpoint, range, format, folder, converted, Optional.empty(), false));
  }

  /**
   * Lowers a range of layers whose matrices are held in blocks.
   *
   * @param checkpoint the model and where its other weights lie
   * @param range the layers of the stage
   * @param format the types of other numbers
   * @param folder a folder above all weight files, absolute; the runtime is given it too
   * @param blocks the matrices, converted from {@link WeightStacks}
   * @return the graph
   */
  public static DecoderGraph of(
      Checkpoint checkpoint,
      LayerRange range,
      NumberFormat format,
      Path folder,
      QuantizedWeights blocks) {
    return lowered(
        new DecoderGraph(checkpoint, range, format, folder, Map.of(), Optional.of(blocks), true));
  }

  private static DecoderGraph lowered(DecoderGraph decoder) {
    decoder.lower();
    return decoder;
  }

  /**
   * The model.
   *
   * @return the bytes of an ONNX file
   */
  public byte[] model() {
    return graph.toModel();
  }

  /**
   * The different rotary embeddings of the stage's layers. Their tables are inputs.
   *
   * @return in the order of their numbers
   */
  public List<RotaryConfig> rotaries() {
    return rotaries;
  }

  private void lower() {
    graph.input(GraphValues.LAST_POSITIONS, OnnxType.INT32, new Shape().by("batch"));
    graph.input(GraphValues.LONGEST, OnnxType.INT32, new Shape().by(1));
    declareRotaryTables();
    ResidualStream stream = new ResidualStream(graph, config.normEpsilon(), start());
    for (int layer = range.first(); layer < range.end(); layer++) {
      addLayer(layer, stream);
    }
    finish(stream);
  }

  private void declareRotaryTables() {
    for (int i = 0; i < rotaries.size(); i++) {
      Shape shape = new Shape().by("positions").by(rotaries.get(i).dimension() / 2);
      graph.input(GraphValues.cosines(i), format.attention(), shape);
      graph.input(GraphValues.sines(i), format.attention(), shape);
    }
  }

  private String start() {
    if (range.isFirstStage()) {
      Shape shape = new Shape().by("batch").by("tokens");
      return weights.embedded(graph.input(GraphValues.IDS, OnnxType.INT32, shape));
    }
    String given = graph.input(GraphValues.HIDDEN_IN, OnnxType.FLOAT, hiddenShape());
    return compute == OnnxType.FLOAT
        ? given
        : graph.add(Node.cast(given, compute), "narrow_hidden_in");
  }

  private void addLayer(int layer, ResidualStream stream) {
    LayerConfig layerConfig = config.layers().get(layer);
    int rotary = rotaries.indexOf(layerConfig.attention().rotary());
    String attentionInput = stream.norm(weights.layer(layer, WeightRole.ATTENTION_NORM));
    stream.add(
        new AttentionBlock(graph, checkpoint, weights, linears)
            .add(layer, layerConfig.attention(), rotary, attentionInput, format));
    String mlpInput = stream.norm(weights.layer(layer, WeightRole.MLP_NORM));
    stream.add(new MlpBlock(graph, weights, linears).add(layer, layerConfig.mlp(), mlpInput));
  }

  private void finish(ResidualStream stream) {
    if (range.isLastStage()) {
      addHead(stream.norm(weights.outside(WeightRole.FINAL_NORM)));
    } else {
      addHiddenOut(stream);
    }
  }

  private void addHiddenOut(ResidualStream stream) {
    if (compute == OnnxType.FLOAT) {
      stream.sumAs(GraphValues.HIDDEN_OUT);
    } else {
      stream.sumAs("narrow_hidden_out");
      graph.add(Node.cast("narrow_hidden_out", OnnxType.FLOAT), GraphValues.HIDDEN_OUT);
    }
    graph.output(GraphValues.HIDDEN_OUT, OnnxType.FLOAT, hiddenShape());
  }

  private void addHead(String hidden) {
    String picks = graph.input(GraphValues.PICKS, OnnxType.INT64, new Shape().by("rows").by(2));
    String picked = graph.add(Node.standard("GatherND", hidden, picks), "picked");
    Shape shape = new Shape().by("rows").by(config.vocabularySize());
    if (compute == OnnxType.FLOAT) {
      linears.head(picked, GraphValues.LOGITS);
    } else {
      String narrow = linears.head(picked, "narrow_logits");
      graph.add(Node.cast(narrow, OnnxType.FLOAT), GraphValues.LOGITS);
    }
    graph.output(GraphValues.LOGITS, OnnxType.FLOAT, shape);
  }

  private Shape hiddenShape() {
    return new Shape().by("batch").by("tokens").by(config.hiddenSize());
  }
}
