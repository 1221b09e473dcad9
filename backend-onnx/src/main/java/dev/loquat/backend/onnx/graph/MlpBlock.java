package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.WeightRole;

/** The gated MLP, {@code down(silu(gate(x)) * up(x))}. */
final class MlpBlock {
  private final GraphBuilder graph;
  private final GraphWeights weights;
  private final Projection projection;

  MlpBlock(GraphBuilder graph, GraphWeights weights) {
    this.graph = graph;
    this.weights = weights;
    this.projection = new Projection(graph);
  }

  /** Adds a layer's MLP over the normed stream. */
  String add(int layer, MlpConfig config, String input) {
    String prefix = "layers." + layer + ".mlp.";
    String gate = project(layer, config, input, WeightRole.GATE, WeightRole.GATE_BIAS);
    String up = project(layer, config, input, WeightRole.UP, WeightRole.UP_BIAS);
    String gated = graph.add(Node.standard("Mul", silu(gate, prefix), up), prefix + "gated");
    return project(layer, config, gated, WeightRole.DOWN, WeightRole.DOWN_BIAS);
  }

  /** QuickGelu is {@code x * sigmoid(alpha * x)}: SiLU where alpha is 1. */
  private String silu(String gate, String prefix) {
    return graph.add(Node.microsoft("QuickGelu", gate).with("alpha", 1.0), prefix + "silu");
  }

  private String project(
      int layer, MlpConfig config, String input, WeightRole role, WeightRole bias) {
    String weight = weights.layer(layer, role);
    String name = weight + ".projected";
    return config.bias()
        ? projection.of(input, weight, weights.layer(layer, bias), name)
        : projection.of(input, weight, name);
  }
}
