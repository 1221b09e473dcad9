package dev.loquat.quantization;

import dev.loquat.checkpoint.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * Matrices with the same inputs, stacked by rows into one.
 *
 * @param name what the stack is called; unique in a model
 * @param tensors the matrices, {@code [rows, inputs]}, first to last
 * @param format the blocks they shall be held in
 */
public record WeightStack(String name, List<Tensor> tensors, BlockFormat format) {

  /** Checks that the matrices can be stacked. */
  public WeightStack {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(format, "format");
    tensors = List.copyOf(tensors);
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException(name + " has no matrix; expected 1 or more");
    }
    for (Tensor tensor : tensors) {
      List<Long> shape = tensor.info().shape();
      if (shape.size() != 2 || !shape.get(1).equals(tensors.get(0).info().shape().get(1))) {
        throw new IllegalArgumentException(
            name + ": " + tensor.info().name() + " has shape " + shape + " and can't be stacked");
      }
    }
  }

  /**
   * The rows of all matrices.
   *
   * @return the outputs
   */
  public long rows() {
    return tensors.stream().mapToLong(tensor -> tensor.info().shape().get(0)).sum();
  }

  /**
   * The elements of a row.
   *
   * @return the inputs
   */
  public long inputs() {
    return tensors.get(0).info().shape().get(1);
  }
}
