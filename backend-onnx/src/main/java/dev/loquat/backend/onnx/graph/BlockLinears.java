package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.WeightRole;
import dev.loquat.quantization.BlockFormat;
import dev.loquat.quantization.QuantizedMatrix;
import dev.loquat.quantization.QuantizedWeights;
import java.nio.file.Path;
import java.util.List;

/**
 * Products with matrices in blocks. The runtime multiplies codes and scales; what the offsets add
 * is a second, small product: the sums of the input's blocks times the offsets.
 */
final class BlockLinears implements Linears {
  /** Activations are rounded to 8 bits, block by block. Anything else is many times slower. */
  private static final long INTEGER_PRODUCTS = 4;

  private final GraphBuilder graph;
  private final QuantizedWeights weights;
  private final WeightLocation location;
  private final BlockSums sums;

  BlockLinears(GraphBuilder graph, QuantizedWeights weights, Path folder) {
    this.graph = graph;
    this.weights = weights;
    this.location = new WeightLocation(folder);
    this.sums = new BlockSums(graph);
  }

  @Override
  public String layer(String input, int layer, String output, WeightRole... roles) {
    return product(input, weights.matrix(WeightStacks.name(layer, roles)), output);
  }

  /** One product, which is split: as long, and the input is rounded and summed once. */
  @Override
  public GateAndUp gateAndUp(String input, int layer, String prefix) {
    String both = layer(input, layer, prefix + "gate_and_up", WeightRole.GATE, WeightRole.UP);
    GateAndUp halves = new GateAndUp(prefix + "gate", prefix + "up");
    Node split = Node.standard("Split", both).with("axis", -1).with("num_outputs", 2);
    graph.add(split, halves.gate(), halves.up());
    return halves;
  }

  @Override
  public String head(String input, String output) {
    return product(input, weights.matrix(WeightStacks.HEAD), output);
  }

  private String product(String input, QuantizedMatrix matrix, String output) {
    if (!matrix.format().offset()) {
      return graph.add(scaled(input, matrix), output);
    }
    String scaled = graph.add(scaled(input, matrix), output + ".scaled");
    String offset = graph.add(offsets(input, matrix), output + ".offset");
    return graph.add(Node.standard("Add", scaled, offset), output);
  }

  private Node scaled(String input, QuantizedMatrix matrix) {
    BlockFormat format = matrix.format();
    return Node.microsoft("MatMulNBits", input, codes(matrix), scales(matrix))
        .with("K", matrix.inputs())
        .with("N", matrix.rows())
        .with("bits", format.bits())
        .with("block_size", format.blockSize())
        .with("accuracy_level", INTEGER_PRODUCTS);
  }

  private Node offsets(String input, QuantizedMatrix matrix) {
    String offsets = numbers(WeightStacks.offsets(matrix), matrix.offsetsPosition(), matrix);
    return Node.microsoft("FusedMatMul", sums.of(input, matrix), offsets).with("transB", 1);
  }

  private String codes(QuantizedMatrix matrix) {
    List<Long> shape = List.of(matrix.rows(), matrix.blocks(), (long) matrix.format().blockBytes());
    return place(
        WeightStacks.codes(matrix),
        OnnxType.UINT8,
        shape,
        matrix.codesPosition(),
        matrix.codesLength());
  }

  private String scales(QuantizedMatrix matrix) {
    return numbers(WeightStacks.scales(matrix), matrix.scalesPosition(), matrix);
  }

  private String numbers(String name, long position, QuantizedMatrix matrix) {
    List<Long> shape = List.of(matrix.rows(), matrix.blocks());
    return place(name, OnnxType.FLOAT, shape, position, matrix.scalesLength());
  }

  private String place(
      String name, OnnxType type, List<Long> shape, long position, long byteLength) {
    String file = weights.file().map(location::of).orElse(WeightStacks.IN_MEMORY);
    long offset = weights.fileOffset() + position;
    return graph.weight(new ExternalTensor(name, type, shape, file, offset, byteLength));
  }
}
