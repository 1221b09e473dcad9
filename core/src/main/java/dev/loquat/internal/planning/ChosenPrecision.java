package dev.loquat.internal.planning;

import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import java.util.Objects;

/**
 * A precision that a model is loaded in, and why.
 *
 * @param requested what the caller asked for
 * @param precision what a backend is asked for; never {@link Precision#AUTO}
 * @param reason why that; empty where it is what the caller asked for
 */
public record ChosenPrecision(Precision requested, Precision precision, String reason) {

  /** Checks for nulls. */
  public ChosenPrecision {
    Objects.requireNonNull(requested, "requested");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * Says what was requested and why it became what it is.
   *
   * @param effective what the backend made of {@code precision}
   * @return what became of {@code requested}
   */
  public EffectivePrecision explain(EffectivePrecision effective) {
    return requested == precision ? effective : effective.chosenFor(requested, reason);
  }
}
