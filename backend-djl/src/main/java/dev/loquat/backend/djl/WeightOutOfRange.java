package dev.loquat.backend.djl;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.RangeRefusal;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;

/** A weight that the type chosen for it cannot hold. */
final class WeightOutOfRange extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String tensor;
  private final double magnitude;

  private WeightOutOfRange(String tensor, double magnitude, String reason) {
    super(reason);
    this.tensor = tensor;
    this.magnitude = magnitude;
  }

  /** A weight whose magnitude is rounded to no number of a type. */
  static WeightOutOfRange of(String tensor, double magnitude, Precision type) {
    boolean isBeyond = magnitude > type.largestNumber();
    return new WeightOutOfRange(
        tensor,
        magnitude,
        "tensor '"
            + tensor
            + "' holds a weight of magnitude "
            + (float) magnitude
            + (isBeyond ? ", beyond " : ", which is rounded beyond ")
            + type
            + "'s "
            + type.largestNumber());
  }

  /** Whether it is too large for a type, too. */
  boolean isBeyond(Precision type) {
    return magnitude > type.largestRounded();
  }

  /** Names the tensor, the weight and the type. */
  String reason() {
    return String.valueOf(getMessage());
  }

  /** The failure of a load that may not hold it wider. */
  BackendException refusal(BackendOptions options) {
    BackendException refusal = RangeRefusal.of(options, tensor, (float) magnitude);
    refusal.initCause(this);
    return refusal;
  }
}
