package dev.loquat.memory;

import dev.loquat.device.ByteFormat;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints a plan as text. */
final class PlanTable {
  private static final String ROW = "%-8s %-8s %-14s %8s %10s %8s %10s %8s %8s %8s  %s";
  private static final String HEADER =
      String.format(
          Locale.ROOT,
          ROW,
          "device",
          "backend",
          "precision",
          "weights",
          "cache/slot",
          "cache",
          "workspace",
          "loading",
          "runtime",
          "needs",
          "fits");

  /**
   * How the columns add up, as {@link MemoryNeed#neededBytes} and {@link StageNeed#neededBytes} do.
   */
  private static final String SUM =
      "needs = weights + the greater of loading and cache + workspace";

  private PlanTable() {}

  static String print(MemoryPlan plan) {
    return plan.stages().isEmpty() ? whole(plan) : mapped(plan);
  }

  private static String mapped(MemoryPlan plan) {
    return String.join(
        "\n",
        title(plan.need())
            + ", "
            + plan.need().backend()
            + ", "
            + precision(plan.need().precision()),
        StageTable.print(plan.stages()),
        SUM + between(plan),
        summary(plan));
  }

  /** What the whole takes of the machine's memory beside its stages. */
  private static String between(MemoryPlan plan) {
    long ofStages =
        plan.stages().stream().mapToLong(stage -> stage.onDevice().workspaceBytes()).sum();
    long bytes = plan.need().onDevice().workspaceBytes() - ofStages;
    return bytes == 0
        ? ""
        : "; " + ByteFormat.text(bytes) + " of the machine's memory between stages";
  }

  private static String whole(MemoryPlan plan) {
    Stream<String> needs =
        Stream.concat(Stream.of(plan.need()), plan.alternatives().stream()).map(PlanTable::row);
    Stream<String> lines = Stream.of(replicas(plan) + title(plan.need()), HEADER);
    return Stream.of(lines, needs, Stream.of(sum(plan)), held(plan), Stream.of(summary(plan)))
        .flatMap(part -> part)
        .collect(Collectors.joining("\n"));
  }

  private static String sum(MemoryPlan plan) {
    return SUM
        + ", + runtime on cpu; the process holds "
        + ByteFormat.text(plan.need().onHost().processBytes())
        + " beside it";
  }

  private static String replicas(MemoryPlan plan) {
    return plan.replicas().isEmpty()
        ? ""
        : plan.replicas().size() + " replicas on " + plan.replicas() + ", each with ";
  }

  private static String title(MemoryNeed need) {
    return "batch " + need.batch() + ", context " + need.contextLength() + ", in MiB";
  }

  private static String row(MemoryNeed need) {
    return String.format(
        Locale.ROOT,
        ROW,
        need.device(),
        need.backend(),
        precision(need.precision()),
        ByteFormat.mebibytes(need.onDevice().weightBytes()),
        ByteFormat.mebibytes(need.cacheBytesPerSlot()),
        ByteFormat.mebibytes(need.onDevice().cacheBytes()),
        ByteFormat.mebibytes(need.onDevice().workspaceBytes()),
        ByteFormat.mebibytes(need.onDevice().loadingBytes()),
        ByteFormat.mebibytes(need.onHost().runtimeBytes()),
        ByteFormat.mebibytes(need.neededBytes()),
        verdict(need));
  }

  private static String precision(EffectivePrecision precision) {
    Precision requested = precision.requested();
    return requested == Precision.AUTO ? requested + ": " + precision.storage() : "" + requested;
  }

  /** A line for each precision that is not held as it was asked for, or not all of it. */
  private static Stream<String> held(MemoryPlan plan) {
    return Stream.concat(Stream.of(plan.need()), plan.alternatives().stream())
        .filter(need -> need.device().equals(plan.need().device()))
        .map(MemoryNeed::precision)
        .filter(precision -> !precision.reason().isEmpty() || !precision.wider().isEmpty())
        .map(precision -> precision.requested() + ": " + precision);
  }

  private static String verdict(MemoryNeed need) {
    if (need.availableBytes() == DeviceInfo.UNKNOWN) {
      return "yes, unknown";
    }
    String available = ByteFormat.mebibytes(need.availableBytes());
    return (need.fits() ? "yes, " : "no, ") + available + " available" + missing(need);
  }

  /** What the columns don't show, as they are rounded. */
  private static String missing(MemoryNeed need) {
    long bytes = need.neededBytes() - need.availableBytes();
    boolean looksEnough =
        ByteFormat.mebibytes(need.neededBytes())
            .equals(ByteFormat.mebibytes(need.availableBytes()));
    return bytes > 0 && looksEnough ? ", " + ByteFormat.text(bytes) + " too few" : "";
  }

  private static String summary(MemoryPlan plan) {
    String largest =
        "largest batch " + plan.largestBatch() + ", largest context " + plan.largestContext();
    return plan.fits() ? largest : largest + "; " + remedy(plan);
  }

  private static String remedy(MemoryPlan plan) {
    return plan.remedy()
        .map(change -> "to make it fit: " + change)
        .orElse(
            plan.stages().isEmpty()
                ? "nothing makes it fit; choose a smaller model"
                : "nothing makes it fit these devices; raise a limit, add a device or choose a"
                    + " smaller model");
  }
}
