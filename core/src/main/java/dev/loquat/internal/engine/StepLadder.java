package dev.loquat.internal.engine;

import dev.loquat.error.OutOfMemoryException;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which rung is taken where a step has not enough memory. Caches are freed once for each sequence,
 * since it begins again then; the batch is halved down to one.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class StepLadder {
  private final OutOfMemoryPolicy policy;
  private final Set<Sequence> relieved = new HashSet<>();

  /** Each once: the same caches may be freed for as many sequences as ever come. */
  private final Set<String> tried = new LinkedHashSet<>();

  StepLadder(OutOfMemoryPolicy policy) {
    this.policy = policy;
  }

  /**
   * The next rung for a step that failed; empty if none is left.
   *
   * @param slots the slots that there are
   */
  Optional<OutOfMemoryRung> next(StepPlan plan, int slots) {
    if (policy.allows(OutOfMemoryRung.FREE_CACHES) && relieved.addAll(plan.sequences())) {
      return Optional.of(OutOfMemoryRung.FREE_CACHES);
    }
    return policy.allows(OutOfMemoryRung.SMALLER_BATCH) && slots > 1
        ? Optional.of(OutOfMemoryRung.SMALLER_BATCH)
        : Optional.empty();
  }

  void took(OutOfMemoryRung rung, String change) {
    tried.add(rung + ": " + change);
  }

  /** A sequence that has ended needs no relief any more. */
  void forget(Sequence sequence) {
    relieved.remove(sequence);
  }

  /** The failure that is left when no rung is. */
  OutOfMemoryException exhausted(OutOfMemoryException last) {
    if (tried.isEmpty()) {
      return last;
    }
    OutOfMemoryException end =
        new OutOfMemoryException(
            last.getMessage() + " Tried before: " + String.join("; ", tried) + ".",
            last.neededBytes(),
            last.availableBytes());
    end.addSuppressed(last);
    return end;
  }
}
