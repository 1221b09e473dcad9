package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.WeightRole;

/** What is added to products. */
final class Biases {
  private final GraphBuilder graph;
  private final GraphWeights weights;

  Biases(GraphBuilder graph, GraphWeights weights) {
    this.graph = graph;
    this.weights = weights;
  }

  /** Adds the biases of several roles, one behind the other, to a product. */
  String add(String product, int layer, WeightRole... roles) {
    String biases = weights.layer(layer, roles);
    return graph.add(Node.standard("Add", product, biases), product + ".biased");
  }
}
