package dev.loquat.internal.planning;

import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.device.Precision;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.memory.MemoryNeed;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Chooses a precision for a caller who leaves that open: the first that the backend advises and
 * that fits into memory, and integers only where none of these does.
 */
public final class PrecisionChooser {
  private static final List<Precision> LAST_RESORTS = List.of(Precision.INT8, Precision.INT4);

  private final MemoryPlanner planner;
  private final BackendChoice choice;
  private final PrecisionAdvice advice;

  /**
   * Creates a chooser.
   *
   * @param planner knows what fits
   * @param choice where the model would run
   * @param advice what the backend there advises
   */
  public PrecisionChooser(MemoryPlanner planner, BackendChoice choice, PrecisionAdvice advice) {
    this.planner = planner;
    this.choice = choice;
    this.advice = advice;
  }

  /**
   * Chooses.
   *
   * @param terms batch and context that shall fit; its precision does not count
   * @return the precision; the one that needs least if none fits
   */
  public ChosenPrecision choose(PlanTerms terms) {
    return advised(terms).or(() -> lastResort(terms)).orElseGet(() -> least(terms));
  }

  private Optional<ChosenPrecision> advised(PlanTerms terms) {
    return supported(advice.order())
        .filter(precision -> need(terms, precision).fits())
        .findFirst()
        .map(precision -> chosen(precision, advised(terms, precision)));
  }

  private String advised(PlanTerms terms, Precision precision) {
    Precision best = advice.order().get(0);
    return precision == best ? advice.reason() : shortage(terms, best);
  }

  private Optional<ChosenPrecision> lastResort(PlanTerms terms) {
    return supported(LAST_RESORTS)
        .filter(precision -> need(terms, precision).fits())
        .findFirst()
        .map(precision -> chosen(precision, shortage(terms, advice.order().get(0))));
  }

  private ChosenPrecision least(PlanTerms terms) {
    Precision least =
        supported(Stream.concat(advice.order().stream(), LAST_RESORTS.stream()).toList())
            .min(Comparator.comparingLong(precision -> need(terms, precision).neededBytes()))
            .orElse(advice.order().get(0));
    return chosen(least, "none fits, and it needs least");
  }

  private static ChosenPrecision chosen(Precision precision, String reason) {
    return new ChosenPrecision(Precision.AUTO, precision, reason);
  }

  private Stream<Precision> supported(List<Precision> precisions) {
    return precisions.stream().filter(precision -> planner.isSupported(choice, precision));
  }

  private String shortage(PlanTerms terms, Precision precision) {
    MemoryNeed need = need(terms, precision);
    return precision
        + " needs "
        + need.neededBytes()
        + " bytes, and "
        + need.availableBytes()
        + " are available";
  }

  private MemoryNeed need(PlanTerms terms, Precision precision) {
    return planner.need(choice, terms.withPrecision(precision));
  }
}
