package dev.loquat.memory;

import dev.loquat.device.ByteFormat;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints stages as text. */
final class StageTable {
  private static final String ROW = "%-8s %-8s %8s %8s %10s %8s %8s %10s  %s";
  private static final String HEADER =
      String.format(
          Locale.ROOT,
          ROW,
          "device",
          "layers",
          "weights",
          "cache",
          "workspace",
          "loading",
          "needs",
          "of",
          "fits");

  private StageTable() {}

  static String print(List<StageNeed> stages) {
    Stream<String> rows = stages.stream().map(stage -> row(stage, stages));
    Stream<String> notes = stages.stream().flatMap(StageTable::note);
    return Stream.of(Stream.of(HEADER), rows, notes)
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }

  private static Stream<String> note(StageNeed stage) {
    return stage.device().kind() == DeviceKind.DISK
        ? Stream.of(
            "layers "
                + stage.layers()
                + " stay on disk: "
                + ByteFormat.text(stage.fileBytes())
                + " of files, read again where memory is short, which is slow")
        : Stream.of();
  }

  private static String row(StageNeed stage, List<StageNeed> stages) {
    return String.format(
        Locale.ROOT,
        ROW,
        stage.device(),
        stage.layers(),
        ByteFormat.mebibytes(stage.onDevice().weightBytes()),
        ByteFormat.mebibytes(stage.onDevice().cacheBytes()),
        ByteFormat.mebibytes(stage.onDevice().workspaceBytes()),
        ByteFormat.mebibytes(stage.onDevice().loadingBytes()),
        ByteFormat.mebibytes(stage.neededBytes()),
        stage.availableBytes() == DeviceInfo.UNKNOWN
            ? "unknown"
            : ByteFormat.mebibytes(stage.availableBytes()),
        verdict(stage.missingBytes(stages)));
  }

  private static String verdict(long missing) {
    return missing <= 0 ? "yes" : "no, " + ByteFormat.text(missing) + " too few";
  }
}
