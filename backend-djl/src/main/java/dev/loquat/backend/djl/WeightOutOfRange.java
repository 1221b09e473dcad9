package dev.loquat.backend.djl;

import dev.loquat.device.Precision;

/** A weight that the type chosen for it cannot hold. */
final class WeightOutOfRange extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final double magnitude;
  private final String reason;

  private WeightOutOfRange(double magnitude, String reason) {
    super(reason);
    this.magnitude = magnitude;
    this.reason = reason;
  }

  /** A weight whose magnitude is rounded to no number of a type. */
  static WeightOutOfRange of(String tensor, double magnitude, Precision type) {
    return new WeightOutOfRange(
        magnitude,
        "tensor '"
            + tensor
            + "' holds a weight of magnitude "
            + magnitude
            + ", "
            + type
            + " up to "
            + type.largestNumber());
  }

  /** Whether it is too large for a type, too. */
  boolean isBeyond(Precision type) {
    return magnitude > type.largestRounded();
  }

  String reason() {
    return reason;
  }
}
