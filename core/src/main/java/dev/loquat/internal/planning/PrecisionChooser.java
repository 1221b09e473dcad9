package dev.loquat.internal.planning;

import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.device.ByteFormat;
import dev.loquat.device.Precision;
import dev.loquat.internal.planning.PrecisionTrial.Room;
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

  private final PrecisionTrial trial;
  private final PrecisionAdvice advice;

  /**
   * Creates a chooser.
   *
   * @param trial knows what fits
   * @param advice what the backend advises
   */
  public PrecisionChooser(PrecisionTrial trial, PrecisionAdvice advice) {
    this.trial = trial;
    this.advice = advice;
  }

  /**
   * Chooses.
   *
   * @return the precision; the one that needs least if none fits
   */
  public ChosenPrecision choose() {
    return advised().or(this::lastResort).orElseGet(this::least);
  }

  private Optional<ChosenPrecision> advised() {
    return supported(advice.order())
        .filter(precision -> trial.room(precision).fits())
        .findFirst()
        .map(precision -> chosen(precision, reason(precision)));
  }

  private String reason(Precision precision) {
    Precision best = advice.order().get(0);
    return precision == best ? advice.reason() : shortage(best);
  }

  private Optional<ChosenPrecision> lastResort() {
    return supported(LAST_RESORTS)
        .filter(precision -> trial.room(precision).fits())
        .findFirst()
        .map(precision -> chosen(precision, shortage(advice.order().get(0))));
  }

  private ChosenPrecision least() {
    Precision least =
        supported(Stream.concat(advice.order().stream(), LAST_RESORTS.stream()).toList())
            .min(Comparator.comparingLong(precision -> trial.room(precision).neededBytes()))
            .orElse(advice.order().get(0));
    return chosen(least, "none fits, and it needs least");
  }

  private static ChosenPrecision chosen(Precision precision, String reason) {
    return new ChosenPrecision(Precision.AUTO, precision, reason);
  }

  private Stream<Precision> supported(List<Precision> precisions) {
    return precisions.stream().filter(trial::isSupported);
  }

  private String shortage(Precision precision) {
    Room room = trial.room(precision);
    ByteFormat sizes = ByteFormat.apart(room.neededBytes(), room.availableBytes());
    return precision
        + " needs "
        + sizes.of(room.neededBytes())
        + ", and "
        + sizes.of(room.availableBytes())
        + " are available";
  }
}
