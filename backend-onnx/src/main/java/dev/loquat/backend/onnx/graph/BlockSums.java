package dev.loquat.backend.onnx.graph;

import dev.loquat.quantization.QuantizedMatrix;
import java.util.HashMap;
import java.util.Map;

/**
 * The sums of an input's blocks, {@code [batch, tokens, inputs]} to {@code [batch, tokens,
 * blocks]}. Matrices with the same input share them.
 */
final class BlockSums {
  private static final int RANK = 3;
  private static final long AS_IT_IS = 0;
  private static final long LAST_AXIS = -1;

  private final GraphBuilder graph;
  private final Map<String, String> sums = new HashMap<>();
  private final Map<String, String> constants = new HashMap<>();

  BlockSums(GraphBuilder graph) {
    this.graph = graph;
  }

  /** The sums of an input of a matrix. */
  String of(String input, QuantizedMatrix matrix) {
    return sums.computeIfAbsent(input, summed -> sum(summed, matrix));
  }

  private String sum(String input, QuantizedMatrix matrix) {
    Node cut = Node.standard("Reshape", whole(input, matrix), blockShape(matrix));
    String blocks = graph.add(cut, input + ".blocks");
    Node sum = Node.standard("ReduceSum", blocks, constant("block_axis", LAST_AXIS));
    return graph.add(sum.with("keepdims", 0), input + ".block_sums");
  }

  /** The input with zeros behind it where the last block is not full. */
  private String whole(String input, QuantizedMatrix matrix) {
    long missing = matrix.blocks() * matrix.format().blockSize() - matrix.inputs();
    if (missing == 0) {
      return input;
    }
    long[] pads = new long[2 * RANK];
    pads[pads.length - 1] = missing;
    return graph.add(
        Node.standard("Pad", input, constant("block_padding." + missing, pads)), input + ".padded");
  }

  private String blockShape(QuantizedMatrix matrix) {
    return constant(
        "block_shape." + matrix.blocks() + "x" + matrix.format().blockSize(),
        AS_IT_IS,
        AS_IT_IS,
        matrix.blocks(),
        matrix.format().blockSize());
  }

  private String constant(String name, long... numbers) {
    return constants.computeIfAbsent(
        name, made -> graph.constant(ConstantTensor.integers(made, numbers)));
  }
}
