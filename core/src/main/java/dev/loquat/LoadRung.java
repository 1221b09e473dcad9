package dev.loquat;

import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.Precision;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.OutOfMemoryRung;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What a rung makes of options.
 *
 * @param asked what the caller asked for
 * @param options the options that do not fit
 * @param plan what they need
 * @param freedBytes frees caches and gives what that gave back
 */
record LoadRung(LoadOptions asked, LoadOptions options, MemoryPlan plan, LongSupplier freedBytes) {

  /** The options after the rung; empty if it changes nothing for the better. */
  Optional<LoadOptions> take(OutOfMemoryRung rung) {
    if (rung instanceof OutOfMemoryRung.SmallerModel smaller) {
      return Optional.of(with(draft -> smaller(draft, smaller.source())));
    }
    return switch ((OutOfMemoryRung.Step) rung) {
      case FREE_CACHES -> freed();
      case SMALLER_BATCH -> smallerBatch();
      case HALF_PRECISION -> narrower(Precision.FP16);
      case QUANTIZE -> narrower(Precision.INT8).or(() -> narrower(Precision.INT4));
      case OTHER_DEVICE -> otherDevice();
    };
  }

  /** What the larger model had to give up, the smaller one may not need to. */
  private void smaller(LoadOptions.Draft draft, String source) {
    draft.source = ModelSource.parse(source);
    draft.device = asked.device();
    draft.precision = asked.precision();
    draft.half = asked.half();
    draft.batch = asked.batch();
  }

  private Optional<LoadOptions> freed() {
    return freedBytes.getAsLong() > 0 ? Optional.of(options) : Optional.empty();
  }

  private Optional<LoadOptions> smallerBatch() {
    int fitting = plan.largestBatch();
    return fitting > 0 && fitting < plan.need().batch()
        ? Optional.of(with(draft -> draft.batch = fitting))
        : Optional.empty();
  }

  private Optional<LoadOptions> narrower(Precision precision) {
    return here(precision)
        .filter(need -> need.neededBytes() < plan.need().neededBytes())
        .map(need -> with(draft -> narrow(draft, precision)))
        .findFirst();
  }

  private static void narrow(LoadOptions.Draft draft, Precision precision) {
    draft.precision = precision;
    boolean pure = draft.half.pure() && precision.isHalf();
    draft.half = new HalfPrecision(pure, draft.half.beyondRange());
  }

  private Stream<MemoryNeed> here(Precision precision) {
    return plan.alternatives().stream()
        .filter(need -> need.device().equals(plan.need().device()))
        .filter(need -> need.precision().requested() == precision);
  }

  private Optional<LoadOptions> otherDevice() {
    return plan.alternatives().stream()
        .filter(need -> !need.device().equals(plan.need().device()))
        .filter(MemoryNeed::fits)
        .map(need -> with(draft -> draft.device = Optional.of(need.device())))
        .findFirst();
  }

  private LoadOptions with(Consumer<LoadOptions.Draft> change) {
    LoadOptions.Draft draft = new LoadOptions.Draft(options);
    change.accept(draft);
    return draft.options();
  }
}
