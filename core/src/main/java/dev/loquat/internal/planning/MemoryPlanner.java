package dev.loquat.internal.planning;

import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.PlanChange;
import dev.loquat.memory.PlanChange.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Plans a model's memory. Not thread-safe. */
public final class MemoryPlanner {
  /** One position for a prompt and one for a new token. */
  static final int SHORTEST_CONTEXT = 2;

  private final Checkpoint checkpoint;
  private final NeedEstimator estimator;

  /**
   * Creates a planner.
   *
   * @param checkpoint the model; stays the caller's, open as long as the planner is used
   * @param half what FP16 and BF16 mean
   * @param available the bytes of a device that can be had; asked once for each
   * @param processBytes what the process holds of the machine's memory; -1 if nothing tells
   * @param replicas how many times the model would be loaded onto a device, 1 or more
   */
  public MemoryPlanner(
      Checkpoint checkpoint,
      HalfPrecision half,
      ToLongFunction<Device> available,
      long processBytes,
      int replicas) {
    this.checkpoint = checkpoint;
    this.estimator = new NeedEstimator(checkpoint, half, available, processBytes, replicas);
  }

  /**
   * Creates a planner for a model that is loaded once.
   *
   * @param checkpoint the model; stays the caller's, open as long as the planner is used
   * @param half what FP16 and BF16 mean
   * @param available the bytes of a device that can be had; asked once for each
   * @param processBytes what the process holds of the machine's memory; -1 if nothing tells
   */
  public MemoryPlanner(
      Checkpoint checkpoint,
      HalfPrecision half,
      ToLongFunction<Device> available,
      long processBytes) {
    this(checkpoint, half, available, processBytes, 1);
  }

  /**
   * What the model needs.
   *
   * @param choice where it would run
   * @param terms as what
   * @return the need
   */
  public MemoryNeed need(BackendChoice choice, PlanTerms terms) {
    return estimator.need(choice, terms);
  }

  /**
   * What the model would need in other precisions.
   *
   * @param choice where it would run
   * @param terms batch and context that shall fit; its precision does not count
   * @return what a precision is chosen by
   */
  public PrecisionTrial trial(BackendChoice choice, PlanTerms terms) {
    return new PrecisionTrial() {
      @Override
      public boolean isSupported(Precision precision) {
        return MemoryPlanner.this.isSupported(choice, terms.withPrecision(precision));
      }

      @Override
      public Room room(Precision precision) {
        MemoryNeed need = need(choice, terms.withPrecision(precision));
        return new Room(need.fits(), need.neededBytes(), need.availableBytes());
      }
    };
  }

  /**
   * The most generations side by side that fit.
   *
   * @param choice where they would run
   * @param terms precision and context length
   * @param most no more are looked for
   * @return 0 if not even one fits
   */
  public int largestBatch(BackendChoice choice, PlanTerms terms, int most) {
    return largest(1, most, batch -> need(choice, terms.withBatch(batch)).fits());
  }

  /**
   * Plans in full.
   *
   * @param choice where the model would run
   * @param others where else it could run, one for each other device
   * @param terms as what
   * @return the plan
   */
  public MemoryPlan plan(BackendChoice choice, List<BackendChoice> others, PlanTerms terms) {
    MemoryNeed need = need(choice, terms);
    return new MemoryPlan(
        need,
        alternatives(choice, others, terms),
        largestBatch(choice, terms, MemoryPlan.MAX_BATCH),
        largestContext(choice, terms),
        need.fits() ? Optional.empty() : remedy(choice, others, terms));
  }

  private List<MemoryNeed> alternatives(
      BackendChoice choice, List<BackendChoice> others, PlanTerms terms) {
    Stream<MemoryNeed> here = otherPrecisions(choice, terms).map(other -> need(choice, other));
    Stream<MemoryNeed> elsewhere = others.stream().map(other -> need(other, terms));
    return Stream.concat(here, elsewhere).toList();
  }

  private Stream<PlanTerms> otherPrecisions(BackendChoice choice, PlanTerms terms) {
    return Stream.of(Precision.values())
        .filter(precision -> precision != terms.precision() && precision != Precision.AUTO)
        .map(terms::withPrecision)
        .filter(other -> isSupported(choice, other));
  }

  private boolean isSupported(BackendChoice choice, PlanTerms terms) {
    return terms.areSupported(choice.provider(), checkpoint.config(), choice.device());
  }

  private int largestContext(BackendChoice choice, PlanTerms terms) {
    int slots = terms.layout().slots();
    return largest(
        SHORTEST_CONTEXT,
        checkpoint.config().contextLength(),
        context -> need(choice, terms.withLayout(slots, context)).fits());
  }

  private Optional<PlanChange> remedy(
      BackendChoice choice, List<BackendChoice> others, PlanTerms terms) {
    return new Remedy(new On(choice)).find(terms).or(() -> otherDevice(others, terms));
  }

  private final class On implements Remedy.Trial {
    private final BackendChoice choice;

    On(BackendChoice choice) {
      this.choice = choice;
    }

    @Override
    public int largestBatch(PlanTerms terms, int most) {
      return MemoryPlanner.this.largestBatch(choice, terms, most);
    }

    @Override
    public int largestContext(PlanTerms terms) {
      return MemoryPlanner.this.largestContext(choice, terms);
    }

    @Override
    public MemoryNeed need(PlanTerms terms) {
      return MemoryPlanner.this.need(choice, terms);
    }

    @Override
    public Stream<PlanTerms> otherPrecisions(PlanTerms terms) {
      return MemoryPlanner.this.otherPrecisions(choice, terms);
    }
  }

  private Optional<PlanChange> otherDevice(List<BackendChoice> others, PlanTerms terms) {
    return others.stream()
        .map(other -> need(other, terms))
        .filter(MemoryNeed::fits)
        .map(need -> new PlanChange(Kind.OTHER_DEVICE, need))
        .findFirst();
  }

  /** The largest number that fits, where smaller ones do if it does; 0 if the least doesn't. */
  static int largest(int least, int most, IntPredicate fits) {
    if (most < least || !fits.test(least)) {
      return 0;
    }
    int low = least;
    int high = most;
    while (low < high) {
      int middle = low + (high - low + 1) / 2;
      if (fits.test(middle)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
