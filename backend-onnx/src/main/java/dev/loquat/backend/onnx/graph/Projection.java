package dev.loquat.backend.onnx.graph;

/** Products with weights that lie as checkpoints have them, {@code [out, in]}. */
final class Projection {
  private final GraphBuilder graph;

  Projection(GraphBuilder graph) {
    this.graph = graph;
  }

  /** {@code x W^T}. */
  String of(String input, String weight, String name) {
    return graph.add(Node.microsoft("FusedMatMul", input, weight).with("transB", 1), name);
  }

  /** {@code x W^T + b}. */
  String of(String input, String weight, String bias, String name) {
    String product = of(input, weight, name + ".product");
    return graph.add(Node.standard("Add", product, bias), name);
  }
}
