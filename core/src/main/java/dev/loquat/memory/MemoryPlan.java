package dev.loquat.memory;

import dev.loquat.device.Device;
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
 * @param remedy the cheapest change that makes it fit; empty if it fits, or nothing does. Where
 *     stages lie, that is on the same devices
 * @param stages where which layers lie, in the order of layers, if a {@link
 *     dev.loquat.device.DeviceMap} places them, otherwise empty. The need is that of all together
 *     then, with the first device's name, and there are no alternatives
 * @param replicas the device of each replica; empty for one
 */
public record MemoryPlan(
    MemoryNeed need,
    List<MemoryNeed> alternatives,
    int largestBatch,
    int largestContext,
    Optional<PlanChange> remedy,
    List<StageNeed> stages,
    List<Device> replicas) {
  /** No larger batch is looked for. */
  public static final int MAX_BATCH = 1024;

  /** Copies the lists. */
  public MemoryPlan {
    Objects.requireNonNull(need, "need");
    Objects.requireNonNull(remedy, "remedy");
    alternatives = List.copyOf(alternatives);
    stages = List.copyOf(stages);
    replicas = List.copyOf(replicas);
  }

  /**
   * The plan of a model on one device.
   *
   * @param need what it needs as asked for
   * @param alternatives what it would need in other precisions and on other devices
   * @param largestBatch the most generations side by side that fit
   * @param largestContext the longest context that fits
   * @param remedy the cheapest change that makes it fit
   */
  public MemoryPlan(
      MemoryNeed need,
      List<MemoryNeed> alternatives,
      int largestBatch,
      int largestContext,
      Optional<PlanChange> remedy) {
    this(need, alternatives, largestBatch, largestContext, remedy, List.of(), List.of());
  }

  /**
   * The same plan, which another request led to.
   *
   * @param precision the precision that was asked for and what would become of it
   * @return the plan
   */
  public MemoryPlan withPrecision(EffectivePrecision precision) {
    return new MemoryPlan(
        need.withPrecision(precision),
        alternatives,
        largestBatch,
        largestContext,
        remedy,
        stages,
        replicas);
  }

  /**
   * The same plan for a model that is loaded several times.
   *
   * @param devices the device of each replica, the first that of {@link #need}
   * @return the plan
   */
  public MemoryPlan withReplicas(List<Device> devices) {
    List<Device> several = devices.size() > 1 ? devices : List.of();
    return new MemoryPlan(
        need, alternatives, largestBatch, largestContext, remedy, stages, several);
  }

  /**
   * Whether the model fits as asked for.
   *
   * @return true if what is needed is available, with stages that on each device, or nothing tells
   *     what is
   */
  public boolean fits() {
    return stages.isEmpty()
        ? need.fits()
        : stages.stream().allMatch(stage -> stage.fitsAmong(stages));
  }

  /**
   * Prints the plan as a table of fixed-width text, in MiB: the need as asked for and each
   * alternative a line, or each stage a line; below them what of each precision is held otherwise,
   * and what fits.
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
