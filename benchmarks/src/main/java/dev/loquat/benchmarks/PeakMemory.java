package dev.loquat.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most memory that this process ever held, as Linux counts it (VmHWM). */
final class PeakMemory {
  private static final long UNKNOWN = -1;

  private PeakMemory() {}

  /** Bytes; -1 where there is no /proc. */
  static long bytes() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return UNKNOWN;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
