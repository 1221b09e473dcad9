package dev.loquat.memory;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints a probe as text. */
final class MemoryTable {
  private static final double MIB = 1 << 20;
  private static final String ROW = "%-14s %12s %10s %12s %10s";
  private static final String HEADER =
      String.format(Locale.ROOT, ROW, "phase", "device MiB", "change", "process MiB", "change");
  private static final String NOTHING = "-";

  private final MemoryProbe probe;

  private MemoryTable(MemoryProbe probe) {
    this.probe = probe;
  }

  static String print(MemoryProbe probe) {
    MemoryTable table = new MemoryTable(probe);
    Stream<String> rows = Arrays.stream(MemoryPhase.values()).map(table::row);
    return Stream.concat(Stream.of(HEADER), rows).collect(Collectors.joining("\n"));
  }

  private String row(MemoryPhase phase) {
    return String.format(
        Locale.ROOT,
        ROW,
        phase,
        amount(phase, MemoryReading::deviceBytes),
        change(phase, MemoryReading::deviceBytes),
        amount(phase, MemoryReading::processBytes),
        change(phase, MemoryReading::processBytes));
  }

  private String amount(MemoryPhase phase, ToLongFunction<MemoryReading> side) {
    return bytes(phase, side).map(bytes -> mebibytes("%.1f", bytes)).orElse(NOTHING);
  }

  private String change(MemoryPhase phase, ToLongFunction<MemoryReading> side) {
    return bytes(MemoryPhase.BEFORE_LOAD, side)
        .flatMap(before -> bytes(phase, side).map(now -> mebibytes("%+.1f", now - before)))
        .orElse(NOTHING);
  }

  private Optional<Long> bytes(MemoryPhase phase, ToLongFunction<MemoryReading> side) {
    return probe.at(phase).map(side::applyAsLong).filter(bytes -> bytes != MemoryReading.UNKNOWN);
  }

  private static String mebibytes(String format, long bytes) {
    return String.format(Locale.ROOT, format, bytes / MIB);
  }
}
