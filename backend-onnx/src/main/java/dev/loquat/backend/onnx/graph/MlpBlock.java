package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.WeightRole;

/** The gated MLP, {@code down(silu(gate(x)) * up(x))}. */
final class MlpBlock {
  private final GraphBuilder graph;
  private final Linears linears;
  private final Biases biases;

  MlpBlock(GraphBuilder graph, GraphWeights weights, Linears linears) {
    this.graph = graph;
    this.linears = linears;
    this.biases = new Biases(graph, weights);
  }

  /** Adds a layer's MLP over the normed stream. */
  String add(int layer, MlpConfig config, String input) {
    String prefix = "layers." + layer + ".mlp.";
    Linears.GateAndUp products = linears.gateAndUp(input, layer, prefix);
    String gate = biased(products.gate(), layer, config, WeightRole.GATE_BIAS);
    String up = biased(products.up(), layer, config, WeightRole.UP_BIAS);
    String gated = graph.add(Node.standard("Mul", silu(gate, prefix), up), prefix + "gated");
    String down = linears.layer(gated, layer, prefix + "down", WeightRole.DOWN);
    return biased(down, layer, config, WeightRole.DOWN_BIAS);
  }

  /** QuickGelu is {@code x * sigmoid(alpha * x)}: SiLU where alpha is 1. */
  private String silu(String gate, String prefix) {
    return graph.add(Node.microsoft("QuickGelu", gate).with("alpha", 1.0), prefix + "silu");
  }

  private String biased(String product, int layer, MlpConfig config, WeightRole bias) {
    return config.bias() ? biases.add(product, layer, bias) : product;
  }
}
