package dev.loquat.internal.planning;

import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.PlanChange;
import dev.loquat.memory.PlanChange.Kind;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the cheapest change of terms that makes a model fit where it was to run.
 *
 * @param trial what fits there
 */
record Remedy(Trial trial) {

  /** What fits in one place. */
  interface Trial {

    /** The most generations side by side that fit, up to so many; 0 if none does. */
    int largestBatch(PlanTerms terms, int most);

    /** The longest context that fits; 0 if none does. */
    int largestContext(PlanTerms terms);

    /** The need on terms that fit. */
    MemoryNeed need(PlanTerms terms);

    /** The same terms in each other precision that the backend can do. */
    Stream<PlanTerms> otherPrecisions(PlanTerms terms);
  }

  /**
   * A smaller batch, else another precision, else a shorter context; empty if none makes it fit.
   */
  Optional<PlanChange> find(PlanTerms terms) {
    return smallerBatch(terms)
        .map(need -> new PlanChange(Kind.SMALLER_BATCH, need))
        .or(() -> otherPrecision(terms))
        .or(() -> shorterContext(terms));
  }

  private Optional<MemoryNeed> smallerBatch(PlanTerms terms) {
    int batch = trial.largestBatch(terms, terms.layout().slots());
    return batch == 0 ? Optional.empty() : Optional.of(trial.need(terms.withBatch(batch)));
  }

  /** The widest that fits, in the order of the constants. */
  private Optional<PlanChange> otherPrecision(PlanTerms terms) {
    return trial
        .otherPrecisions(terms)
        .flatMap(other -> smallerBatch(other).stream())
        .map(need -> new PlanChange(Kind.OTHER_PRECISION, need))
        .findFirst();
  }

  private Optional<PlanChange> shorterContext(PlanTerms terms) {
    return Stream.concat(Stream.of(terms), trial.otherPrecisions(terms))
        .map(precise -> precise.withBatch(1))
        .flatMap(alone -> fitted(alone).stream())
        .map(need -> new PlanChange(Kind.SHORTER_CONTEXT, need))
        .findFirst();
  }

  private Optional<MemoryNeed> fitted(PlanTerms alone) {
    int context = trial.largestContext(alone);
    return context == 0 ? Optional.empty() : Optional.of(trial.need(alone.withLayout(1, context)));
  }
}
