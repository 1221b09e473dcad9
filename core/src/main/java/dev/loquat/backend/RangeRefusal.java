package dev.loquat.backend;

import dev.loquat.device.BeyondRange;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;

/** Refuses models one of whose weights is beyond the range of FP16 or BF16. */
public final class RangeRefusal {
  private RangeRefusal() {}

  /**
   * The failure of a load that may not hold a weight wider.
   *
   * @param options what was asked for
   * @param tensor the weight's tensor
   * @param magnitude the weight's magnitude
   * @return a failure that names the tensor and what would load
   */
  public static BackendException of(BackendOptions options, String tensor, float magnitude) {
    Precision asked = options.precision();
    Precision exceeded = magnitude > asked.largestRounded() ? asked : Precision.FP16;
    boolean fitsBrain = asked == Precision.FP16 && magnitude <= Precision.BF16.largestRounded();
    boolean mayWiden = !options.half().pure() && options.half().beyondRange() == BeyondRange.REFUSE;
    return new BackendException(
        "Tensor '"
            + tensor
            + "' holds "
            + magnitude
            + ", and "
            + exceeded
            + " ends at "
            + exceeded.largestNumber()
            + ". Load the model in "
            + (fitsBrain ? "BF16 or FP32" : "FP32")
            + (mayWiden ? ", or with beyondRange(WIDEN)." : "."));
  }
}
