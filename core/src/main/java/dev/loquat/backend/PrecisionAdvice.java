package dev.loquat.backend;

import dev.loquat.device.Precision;
import java.util.List;

/**
 * Which precisions a backend would hold a model in, if it were up to the backend.
 *
 * @param order precisions no less exact than FP16, the best first; at least one
 * @param reason why they are in that order, such as what was measured
 */
public record PrecisionAdvice(List<Precision> order, String reason) {

  /** Copies the list and checks that it holds floating-point precisions. */
  public PrecisionAdvice {
    order = List.copyOf(order);
    if (order.isEmpty() || order.stream().anyMatch(p -> p.isQuantized() || p == Precision.AUTO)) {
      throw new IllegalArgumentException(
          "A backend advises " + order + "; expected at least one of FP32, FP16 and BF16");
    }
  }
}
