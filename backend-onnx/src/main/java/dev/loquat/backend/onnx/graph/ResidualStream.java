package dev.loquat.backend.onnx.graph;

/**
 * The residual stream: its value, and what the last block gave that is not added yet. Waiting lets
 * one operator add and norm.
 */
final class ResidualStream {
  private static final long SINGLE_PRECISION = 1;

  private final GraphBuilder graph;
  private final double epsilon;
  private String value;
  private String pending = "";

  ResidualStream(GraphBuilder graph, double epsilon, String start) {
    this.graph = graph;
    this.epsilon = epsilon;
    this.value = start;
  }

  /** The RMS norm of the stream, with everything added that blocks gave. */
  String norm(String scale) {
    String name = scale + ".norm";
    if (pending.isEmpty()) {
      return graph.add(rmsNorm(scale), name);
    }
    String sum = scale + ".residual";
    graph.add(addAndNorm(scale), name, "", "", sum);
    value = sum;
    pending = "";
    return name;
  }

  /** Takes what a block gives. */
  void add(String block) {
    pending = block;
  }

  /** The stream itself, under a name of the caller's. */
  void sumAs(String name) {
    graph.add(Node.standard("Add", value, pending), name);
  }

  private Node addAndNorm(String scale) {
    return Node.microsoft("SkipSimplifiedLayerNormalization", value, pending, scale)
        .with("epsilon", epsilon);
  }

  private Node rmsNorm(String scale) {
    return Node.standard("SimplifiedLayerNormalization", value, scale)
        .with("axis", -1)
        .with("epsilon", epsilon)
        .with("stash_type", SINGLE_PRECISION);
  }
}
