package dev.loquat.backend.djl;

/** A weight that the type chosen for it cannot hold. */
final class WeightOutOfRange extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  WeightOutOfRange(String reason) {
    super(reason);
    this.reason = reason;
  }

  static WeightOutOfRange of(String tensor, double magnitude, double largest) {
    return new WeightOutOfRange(
        "tensor '"
            + tensor
            + "' holds a weight of magnitude "
            + magnitude
            + ", FP16 up to "
            + largest);
  }

  String reason() {
    return reason;
  }
}
