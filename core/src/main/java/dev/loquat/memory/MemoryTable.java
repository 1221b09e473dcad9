package dev.loquat.memory;

import dev.loquat.device.ByteFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints a probe as text. */
final class MemoryTable {
  private static final String ROW = "%-14s %12s %10s %10s %12s %10s %10s %9s %9s %9s %9s";
  private static final String HEADER =
      String.format(
          Locale.ROOT,
          ROW,
          "phase",
          "device MiB",
          "change",
          "peak",
          "process MiB",
          "change",
          "peak",
          MemoryOwner.WEIGHTS,
          MemoryOwner.KV_CACHE,
          MemoryOwner.WORKSPACE,
          MemoryOwner.CACHES);
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
        peak(phase, MemoryReading::deviceBytes),
        amount(phase, MemoryReading::processBytes),
        change(phase, MemoryReading::processBytes),
        peak(phase, MemoryReading::processBytes),
        owned(phase, MemoryOwner.WEIGHTS),
        owned(phase, MemoryOwner.KV_CACHE),
        owned(phase, MemoryOwner.WORKSPACE),
        owned(phase, MemoryOwner.CACHES));
  }

  private String amount(MemoryPhase phase, ToLongFunction<MemoryReading> side) {
    return bytes(phase, side).map(ByteFormat::mebibytes).orElse(NOTHING);
  }

  private String change(MemoryPhase phase, ToLongFunction<MemoryReading> side) {
    return bytes(MemoryPhase.BEFORE_LOAD, side)
        .flatMap(before -> bytes(phase, side).map(now -> signed(now - before)))
        .orElse(NOTHING);
  }

  private String peak(MemoryPhase phase, ToLongFunction<MemoryReading> side) {
    return known(probe.peak(phase).map(side::applyAsLong))
        .map(ByteFormat::mebibytes)
        .orElse(NOTHING);
  }

  private String owned(MemoryPhase phase, MemoryOwner owner) {
    return amount(phase, reading -> reading.owned().bytes(owner));
  }

  private Optional<Long> bytes(MemoryPhase phase, ToLongFunction<MemoryReading> side) {
    return known(probe.at(phase).map(side::applyAsLong));
  }

  private static Optional<Long> known(Optional<Long> bytes) {
    return bytes.filter(number -> number != MemoryReading.UNKNOWN);
  }

  private static String signed(long bytes) {
    return (bytes < 0 ? "" : "+") + ByteFormat.mebibytes(bytes);
  }
}
