package dev.loquat.backend.onnx.graph;

import java.util.Objects;

/**
 * The types of a graph's numbers.
 *
 * @param rounding what every weight is rounded to, whatever its file holds
 * @param compute what weights are multiplied in, and the type of activations and KV cache
 */
public record NumberFormat(OnnxType rounding, OnnxType compute) {

  /** Checks for nulls. */
  public NumberFormat {
    Objects.requireNonNull(rounding, "rounding");
    Objects.requireNonNull(compute, "compute");
  }
}
