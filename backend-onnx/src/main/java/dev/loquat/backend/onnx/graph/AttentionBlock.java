package dev.loquat.backend.onnx.graph;

import static dev.loquat.checkpoint.WeightRole.ATTENTION_OUTPUT;
import static dev.loquat.checkpoint.WeightRole.ATTENTION_OUTPUT_BIAS;
import static dev.loquat.checkpoint.WeightRole.KEY;
import static dev.loquat.checkpoint.WeightRole.KEY_BIAS;
import static dev.loquat.checkpoint.WeightRole.QUERY;
import static dev.loquat.checkpoint.WeightRole.QUERY_BIAS;
import static dev.loquat.checkpoint.WeightRole.VALUE;
import static dev.loquat.checkpoint.WeightRole.VALUE_BIAS;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;

/** Grouped-query attention over the KV cache. Query, key and value are one product. */
final class AttentionBlock {
  private final GraphBuilder graph;
  private final Checkpoint checkpoint;
  private final Linears linears;
  private final Biases biases;

  AttentionBlock(GraphBuilder graph, Checkpoint checkpoint, GraphWeights weights, Linears linears) {
    this.graph = graph;
    this.checkpoint = checkpoint;
    this.linears = linears;
    this.biases = new Biases(graph, weights);
  }

  /**
   * Adds a layer's attention.
   *
   * @param rotary the number of its rotary tables
   * @param input the normed stream
   * @param format the types of numbers
   */
  String add(int layer, AttentionConfig config, int rotary, String input, NumberFormat format) {
    declareCache(layer, config, format.cache());
    String projected = queryKeyValue(layer, config, input);
    return output(layer, config, attended(layer, config, rotary, projected, format));
  }

  private String attended(
      int layer, AttentionConfig config, int rotary, String projected, NumberFormat format) {
    String given =
        cast(projected, format.compute(), format.attention(), name(layer, "narrow_projections"));
    String attended =
        graph.add(
            attention(layer, config, rotary, given, format.cache()),
            name(layer, "attended"),
            GraphValues.presentKeys(layer),
            GraphValues.presentValues(layer));
    return cast(attended, format.attention(), format.compute(), name(layer, "wide_attended"));
  }

  private String cast(String value, OnnxType from, OnnxType to, String name) {
    return from == to ? value : graph.add(Node.cast(value, to), name);
  }

  private String queryKeyValue(int layer, AttentionConfig config, String input) {
    String product = linears.layer(input, layer, name(layer, "query_key_value"), QUERY, KEY, VALUE);
    return config.inputBias()
        ? biases.add(product, layer, QUERY_BIAS, KEY_BIAS, VALUE_BIAS)
        : product;
  }

  private String output(int layer, AttentionConfig config, String attended) {
    String product = linears.layer(attended, layer, name(layer, "attention"), ATTENTION_OUTPUT);
    return config.outputBias() ? biases.add(product, layer, ATTENTION_OUTPUT_BIAS) : product;
  }

  private Node attention(
      int layer, AttentionConfig config, int rotary, String queryKeyValue, OnnxType cacheType) {
    List<String> inputs =
        new ArrayList<>(
            List.of(
                queryKeyValue,
                "",
                "",
                GraphValues.pastKeys(layer),
                GraphValues.pastValues(layer),
                GraphValues.LAST_POSITIONS,
                GraphValues.LONGEST,
                GraphValues.cosines(rotary),
                GraphValues.sines(rotary)));
    if (cacheType == OnnxType.INT8) {
      inputs.addAll(scales(layer));
    }
    Node node =
        Node.microsoft("GroupQueryAttention", inputs.toArray(String[]::new))
            .with("num_heads", config.heads())
            .with("kv_num_heads", config.kvHeads())
            .with("do_rotary", 1)
            .with("rotary_interleaved", 0)
            .with("scale", config.scale());
    if (cacheType == OnnxType.INT8) {
      node.with("k_quant_type", "PER_CHANNEL")
          .with("v_quant_type", "PER_CHANNEL")
          .with("kv_cache_bit_width", Byte.SIZE);
    }
    return config.slidingWindow() == AttentionConfig.FULL
        ? node
        : node.with("local_window_size", config.slidingWindow());
  }

  /** What lies between, position ids, a bias of scores and sinks, is left out. */
  private List<String> scales(int layer) {
    CacheScales scales = new CacheScales(checkpoint, layer);
    return List.of(
        "",
        "",
        "",
        graph.constant(scales.keys(name(layer, "key_scales"))),
        graph.constant(scales.values(name(layer, "value_scales"))));
  }

  private void declareCache(int layer, AttentionConfig config, OnnxType type) {
    graph.input(GraphValues.pastKeys(layer), type, cacheShape(config));
    graph.input(GraphValues.pastValues(layer), type, cacheShape(config));
    graph.output(GraphValues.presentKeys(layer), type, cacheShape(config));
    graph.output(GraphValues.presentValues(layer), type, cacheShape(config));
  }

  private static Shape cacheShape(AttentionConfig config) {
    return new Shape().by("batch").by(config.kvHeads()).by("capacity").by(config.headDim());
  }

  private static String name(int layer, String part) {
    return "layers." + layer + "." + part;
  }
}
