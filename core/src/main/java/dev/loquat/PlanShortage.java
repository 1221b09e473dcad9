package dev.loquat;

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
    return plan.need().neededBytes()
        + " bytes are needed, "
        + plan.need().availableBytes()
        + " are available";
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
    return new OutOfMemoryException(
        "batch("
            + need.batch()
            + ") with context "
            + need.contextLength()
            + " in "
            + need.precision().storage()
            + (need.replicas() == 1 ? "" : ", loaded " + need.replicas() + " times,")
            + " takes up to "
            + need.neededBytes()
            + " bytes on "
            + need.device()
            + ", and memoryLimit allows "
            + memoryLimit
            + ". "
            + wayOut()
            + " Or have onOutOfMemory find what does.",
        need.neededBytes(),
        memoryLimit);
  }
}
