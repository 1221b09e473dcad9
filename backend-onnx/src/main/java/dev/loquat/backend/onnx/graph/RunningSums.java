package dev.loquat.backend.onnx.graph;

/**
 * Sums of each row's numbers up to each of them. The runtime's kernel for GPUs adds up from the
 * first number for each anew, so rows are cut into blocks: sums within blocks, and sums of blocks
 * before.
 */
final class RunningSums {
  private static final int BLOCK = 256;
  private static final String BLOCKS = "blocks";
  private static final String ROWS = "whole_rows";
  private static final String LAST = "last_of_block";
  private static final String ALONG_BLOCKS = "along_blocks";
  private static final String WITHIN_BLOCKS = "within_blocks";

  private final GraphBuilder graph;

  /**
   * Sums of one width.
   *
   * @param width the numbers of a row, as {@link #width} gives them
   */
  RunningSums(GraphBuilder graph, long width) {
    this.graph = graph;
    graph.constant(ConstantTensor.integers(BLOCKS, -1, width / BLOCK, BLOCK));
    graph.constant(ConstantTensor.integers(ROWS, -1, width));
    graph.constant(ConstantTensor.integers(LAST, BLOCK - 1));
    graph.constant(ConstantTensor.integers(ALONG_BLOCKS, 1));
    graph.constant(ConstantTensor.integers(WITHIN_BLOCKS, 2));
  }

  /** So many numbers in whole blocks. */
  static long width(int numbers) {
    return (numbers + BLOCK - 1L) / BLOCK * BLOCK;
  }

  /** Sums of {@code [rows, width]}, which never fall where no number is below zero. */
  String of(String numbers, String name) {
    String blocks = graph.add(Node.standard("Reshape", numbers, BLOCKS), name + ".blocks");
    String within = graph.add(Node.standard("CumSum", blocks, WITHIN_BLOCKS), name + ".within");
    String whole =
        graph.add(Node.standard("Gather", within, LAST).with("axis", 2), name + ".whole_blocks");
    String before =
        graph.add(
            Node.standard("CumSum", whole, ALONG_BLOCKS).with("exclusive", 1), name + ".before");
    String sums = graph.add(Node.standard("Add", within, before), name + ".sums");
    return graph.add(Node.standard("Reshape", sums, ROWS), name);
  }
}
