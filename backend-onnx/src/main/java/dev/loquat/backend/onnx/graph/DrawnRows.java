package dev.loquat.backend.onnx.graph;

/**
 * The rows of logits that tokens are drawn from, and the tokens that come of it: the part that
 * graphs of draws share. One column of numbers, {@code [draws, 1]}, is a number for each draw.
 */
final class DrawnRows {
  private static final String ALONG_ROWS = "along_rows";
  private static final String NONE = "none";
  private static final String ZERO = "zero";

  private final GraphBuilder graph;
  private final String logits;
  private final String greatest;

  DrawnRows(GraphBuilder graph) {
    this.graph = graph;
    Shape rows = new Shape().by("rows").by("vocabulary");
    graph.input(DrawGraph.LOGITS, OnnxType.FLOAT, rows);
    graph.input(DrawGraph.ROWS, OnnxType.INT64, new Shape().by("draws").by(1));
    graph.constant(ConstantTensor.integers(ALONG_ROWS, 1));
    graph.constant(ConstantTensor.number(NONE, -1));
    graph.constant(ConstantTensor.number(ZERO, 0));
    this.logits = graph.add(Node.standard("GatherND", DrawGraph.LOGITS, DrawGraph.ROWS), "picked");
    this.greatest = greatest(logits, "greatest");
  }

  /** {@code float32 [draws, vocabulary]}. */
  String logits() {
    return logits;
  }

  /** The greatest logit of each row; anything where a row holds NaN. */
  String greatest() {
    return greatest;
  }

  /** The greatest number of each row. */
  String greatest(String numbers, String name) {
    return graph.add(Node.standard("ReduceMax", numbers, ALONG_ROWS), name);
  }

  /** The least number of each row. */
  String least(String numbers, String name) {
    return graph.add(Node.standard("ReduceMin", numbers, ALONG_ROWS), name);
  }

  /** How many numbers of each row a condition holds for; exact up to 16 million. */
  String count(String condition, String name) {
    String ones = graph.add(Node.cast(condition, OnnxType.FLOAT), name + ".ones");
    return graph.add(Node.standard("ReduceSum", ones, ALONG_ROWS), name);
  }

  /** Gives the ids as the graph's result, but none where a row's greatest is not finite. */
  void give(String ids) {
    String nothing = graph.add(Node.standard("Sub", greatest, greatest), "nothing");
    String finite = graph.add(Node.standard("Equal", nothing, ZERO), "finite");
    String nans = count(graph.add(Node.standard("IsNaN", logits), "is_nan"), "nans");
    String numbers = graph.add(Node.standard("Equal", nans, ZERO), "numbers");
    String valid = graph.add(Node.standard("And", finite, numbers), "valid");
    String tokens = graph.add(Node.standard("Where", valid, ids, NONE), "ids_or_none");
    graph.add(Node.cast(tokens, OnnxType.INT32), DrawGraph.TOKENS);
    graph.output(DrawGraph.TOKENS, OnnxType.INT32, new Shape().by("draws").by(1));
  }

  /** 0 in single precision. */
  String zero() {
    return ZERO;
  }
}
