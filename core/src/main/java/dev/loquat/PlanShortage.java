package dev.loquat;

import dev.loquat.device.ByteFormat;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryPlan;

/**
 * Says what a plan that does not fit lacks, and what would help.
 *
 * @param plan the plan
 */
record PlanShortage(MemoryPlan plan) {

  /** What is needed and what there is. */
  String bytes() {
    long needed = plan.need().neededBytes();
    long available = plan.need().availableBytes();
    ByteFormat sizes = ByteFormat.apart(needed, available);
    return sizes.of(needed) + " are needed, " + sizes.of(available) + " are available";
  }

  /** What would fit. */
  String wayOut() {
    return plan.remedy()
        .map(change -> "What would fit: " + change + ".")
        .orElse("Nothing would fit; choose a smaller model.");
  }

  /** The failure of a load whose batch does not fit into a limit that was set. */
  OutOfMemoryException beyond(long memoryLimit) {
    MemoryNeed need = plan.need();
    ByteFormat sizes = ByteFormat.apart(need.neededBytes(), memoryLimit);
    return new OutOfMemoryException(
        "batch("
            + need.batch()
            + ") with context "
            + need.contextLength()
            + " in "
            + need.precision().storage()
            + (need.replicas() == 1 ? "" : ", loaded " + need.replicas() + " times,")
            + " takes up to "
            + sizes.of(need.neededBytes())
            + " on "
            + need.device()
            + ", and memoryLimit allows "
            + sizes.of(memoryLimit)
            + ". "
            + wayOut()
            + " Or have onOutOfMemory find what does.",
        need.neededBytes(),
        memoryLimit);
  }
}
