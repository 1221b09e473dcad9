package dev.loquat.backend;

import dev.loquat.device.BeyondRange;
import java.util.Objects;

/**
 * What FP16 and BF16 mean.
 *
 * @param pure whether norms, softmax and logits are computed in the half type, too; otherwise only
 *     matrix products are, and the rest in FP32
 * @param beyondRange what becomes of weights that FP16 or BF16, as asked for, can't hold
 */
public record HalfPrecision(boolean pure, BeyondRange beyondRange) {
  /** Mixed precision; weights out of range are refused. */
  public static final HalfPrecision MIXED = new HalfPrecision(false, BeyondRange.REFUSE);

  /** Checks for null. */
  public HalfPrecision {
    Objects.requireNonNull(beyondRange, "beyondRange");
  }
}
