package dev.loquat.observation;

import dev.loquat.memory.OutOfMemoryRung;
import java.util.Objects;

/**
 * A rung that was taken where memory did not suffice.
 *
 * @param rung the rung
 * @param change what it changed, such as "batch 8 to 3"
 * @param cause what did not suffice
 * @param loading whether the model was being loaded; otherwise a step failed
 */
public record OutOfMemoryReport(
    OutOfMemoryRung rung, String change, String cause, boolean loading) {

  /** Checks for nulls. */
  public OutOfMemoryReport {
    Objects.requireNonNull(rung, "rung");
    Objects.requireNonNull(change, "change");
    Objects.requireNonNull(cause, "cause");
  }
}
