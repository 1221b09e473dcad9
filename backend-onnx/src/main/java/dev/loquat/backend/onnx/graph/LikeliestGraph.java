package dev.loquat.backend.onnx.graph;

/**
 * A graph that finds the likeliest token of rows of logits, the lowest id among equals. It reads
 * and gives what {@link DrawGraph} does, but for rules, and sorts nothing.
 */
public final class LikeliestGraph {
  private LikeliestGraph() {}

  /**
   * The model.
   *
   * @param vocabularySize the width of a row
   * @return the bytes of an ONNX file
   */
  public static byte[] model(int vocabularySize) {
    GraphBuilder graph = new GraphBuilder("likeliest");
    DrawnRows rows = new DrawnRows(graph);
    String end = graph.constant(ConstantTensor.number("vocabulary_size", vocabularySize));
    String one = graph.constant(ConstantTensor.number("one", 1));
    String ids = graph.add(Node.standard("Range", rows.zero(), end, one), "ids");
    String isGreatest = graph.add(Node.standard("Equal", rows.logits(), rows.greatest()), "is");
    String candidates = graph.add(Node.standard("Where", isGreatest, ids, end), "candidates");
    rows.give(rows.least(candidates, "id"));
    return graph.toModel();
  }
}
