package dev.loquat.backend.djl;

import dev.loquat.device.Precision;

/** A weight that the type chosen for it cannot hold. */
final class WeightOutOfRange extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  WeightOutOfRange(String reason) {
    super(reason);
    this.reason = reason;
  }

  static WeightOutOfRange of(String tensor, double magnitude, Precision storage, double largest) {
    return new WeightOutOfRange(
        "tensor '"
            + tensor
            + "' holds a weight of magnitude "
            + magnitude
            + ", "
            + storage
            + " up to "
            + largest);
  }

  String reason() {
    return reason;
  }
}
