package dev.loquat.memory;

import dev.loquat.device.EffectivePrecision;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model would take of memory, computed before it is loaded. Immutable.
 *
 * @param need what it needs as asked for
 * @param alternatives what it would need in other precisions and on other devices, with the same
 *     batch and context; the precisions of its own device first
 * @param largestBatch the most generations side by side that fit at this context length and
 *     precision, at most {@link #MAX_BATCH}; 0 if none fits
 * @param largestContext the longest context that fits with this batch and precision, at most the
 *     model's own; 0 if none fits
 * @param remedy the cheapest change that makes it fit; empty if it fits, or nothing does
 */
public record MemoryPlan(
    MemoryNeed need,
    List<MemoryNeed> alternatives,
    int largestBatch,
    int largestContext,
    Optional<PlanChange> remedy) {
  /** No larger batch is looked for. */
  public static final int MAX_BATCH = 1024;

  /** Copies the list. */
  public MemoryPlan {
    Objects.requireNonNull(need, "need");
    Objects.requireNonNull(remedy, "remedy");
    alternatives = List.copyOf(alternatives);
  }

  /**
   * The same plan, which another request led to.
   *
   * @param precision the precision that was asked for and what would become of it
   * @return the plan
   */
  public MemoryPlan withPrecision(EffectivePrecision precision) {
    return new MemoryPlan(
        need.withPrecision(precision), alternatives, largestBatch, largestContext, remedy);
  }

  /**
   * Whether the model fits as asked for.
   *
   * @return true if what is needed is available, or nothing tells what is
   */
  public boolean fits() {
    return need.fits();
  }

  /**
   * Prints the plan as a table of fixed-width text, in MiB: the need as asked for and each
   * alternative a line, below them what of each precision is held otherwise, and what fits.
   *
   * @return lines separated by {@code \n}, the last without one
   */
  public String table() {
    return PlanTable.print(this);
  }

  /** The table. */
  @Override
  public String toString() {
    return table();
  }
}
