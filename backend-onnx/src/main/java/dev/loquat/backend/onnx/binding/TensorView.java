package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.onnx.graph.OnnxType;
import java.util.Arrays;
import java.util.List;

/**
 * A part of a block, read as a tensor. Equal to another only over the same block.
 *
 * @param block the block
 * @param offset where in it the tensor begins, in bytes
 * @param type the type of elements
 * @param shape the dimensions, which may be 0
 */
record TensorView(Block block, long offset, OnnxType type, List<Long> shape) {

  TensorView {
    shape = List.copyOf(shape);
  }

  static TensorView of(Block block, long offset, OnnxType type, long... shape) {
    return new TensorView(block, offset, type, Arrays.stream(shape).boxed().toList());
  }

  long byteLength() {
    return shape.stream().reduce((long) type.byteSize(), (bytes, size) -> bytes * size);
  }

  long address() {
    return block.address() + offset;
  }

  /** The dimensions as the runtime's Java API takes them. */
  long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
