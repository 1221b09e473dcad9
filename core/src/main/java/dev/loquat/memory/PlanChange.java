package dev.loquat.memory;

import java.util.Objects;

/**
 * A change of options that makes a model fit.
 *
 * @param kind what changes
 * @param need what the model needs then; it fits
 */
public record PlanChange(Kind kind, MemoryNeed need) {

  /** What changes, from the cheapest to the dearest. */
  public enum Kind {
    /** Fewer generations side by side: the same text, later. */
    SMALLER_BATCH,
    /** Another precision, where that does not do with a smaller batch: nearly the same text. */
    OTHER_PRECISION,
    /** A shorter context, of one generation at a time: long prompts are refused. */
    SHORTER_CONTEXT,
    /** Another device, with what was asked for. */
    OTHER_DEVICE
  }

  /** Checks for nulls. */
  public PlanChange {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(need, "need");
  }

  /** The change as calls of the loader. */
  @Override
  public String toString() {
    return switch (kind) {
      case SMALLER_BATCH -> "batch(" + need.batch() + ")";
      case OTHER_PRECISION ->
          "withPrecision(" + need.precision().requested() + ").batch(" + need.batch() + ")";
      case SHORTER_CONTEXT ->
          "withPrecision("
              + need.precision().requested()
              + ").batch("
              + need.batch()
              + ").contextLength("
              + need.contextLength()
              + ")";
      case OTHER_DEVICE -> "onDevice(" + need.device() + ").backend(\"" + need.backend() + "\")";
    };
  }
}
