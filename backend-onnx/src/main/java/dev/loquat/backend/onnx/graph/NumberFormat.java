package dev.loquat.backend.onnx.graph;

import java.util.Objects;

/**
 * The types of a graph's numbers.
 *
 * @param rounding what every weight is rounded to, whatever its file holds
 * @param compute what weights are multiplied in, and the type of activations
 * @param cache the type of keys and values: that of activations, a half one, or 8-bit integers
 */
public record NumberFormat(OnnxType rounding, OnnxType compute, OnnxType cache) {

  /** Checks for nulls. */
  public NumberFormat {
    Objects.requireNonNull(rounding, "rounding");
    Objects.requireNonNull(compute, "compute");
    Objects.requireNonNull(cache, "cache");
  }

  /**
   * Keys and values of the activations' type.
   *
   * @param rounding what every weight is rounded to
   * @param compute what weights are multiplied in, and the type of activations, keys and values
   */
  public NumberFormat(OnnxType rounding, OnnxType compute) {
    this(rounding, compute, compute);
  }

  /**
   * Whether weights are brought to one type to be rounded and to another one to compute with.
   *
   * @param stored the type of their elements in the file
   * @return whether that takes two conversions
   */
  public boolean convertsTwice(OnnxType stored) {
    return stored != rounding && rounding != compute;
  }

  /**
   * The type that attention computes in: that of keys and values, but for integers.
   *
   * @return the type of its inputs and of rotary tables
   */
  public OnnxType attention() {
    return cache == OnnxType.INT8 ? compute : cache;
  }

  /**
   * The same with another type of keys and values.
   *
   * @param other the activations' type, a half one, or {@link OnnxType#INT8}
   * @return the format
   */
  public NumberFormat withCache(OnnxType other) {
    return new NumberFormat(rounding, compute, other);
  }
}
