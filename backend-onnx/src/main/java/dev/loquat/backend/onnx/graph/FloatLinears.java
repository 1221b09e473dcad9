package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.WeightRole;

/** Products with matrices of floating-point numbers. */
final class FloatLinears implements Linears {
  private final GraphBuilder graph;
  private final GraphWeights weights;
  private final boolean stacked;

  /**
   * Creates them.
   *
   * @param stacked whether matrices of one input are stacked, which copies them into memory
   */
  FloatLinears(GraphBuilder graph, GraphWeights weights, boolean stacked) {
    this.graph = graph;
    this.weights = weights;
    this.stacked = stacked;
  }

  @Override
  public String layer(String input, int layer, String output, WeightRole... roles) {
    if (stacked || roles.length == 1) {
      return product(input, weights.layer(layer, roles), output);
    }
    String[] products = new String[roles.length];
    for (int i = 0; i < roles.length; i++) {
      products[i] = product(input, weights.layer(layer, roles[i]), output + ".part" + i);
    }
    return graph.add(Node.standard("Concat", products).with("axis", -1), output);
  }

  @Override
  public GateAndUp gateAndUp(String input, int layer, String prefix) {
    return new GateAndUp(
        layer(input, layer, prefix + "gate", WeightRole.GATE),
        layer(input, layer, prefix + "up", WeightRole.UP));
  }

  @Override
  public String head(String input, String output) {
    return product(input, weights.outside(WeightRole.HEAD), output);
  }

  /** Matrices lie as checkpoints have them, {@code [out, in]}. */
  private String product(String input, String weight, String output) {
    return graph.add(Node.microsoft("FusedMatMul", input, weight).with("transB", 1), output);
  }
}
