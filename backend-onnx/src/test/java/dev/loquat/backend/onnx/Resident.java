package dev.loquat.backend.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory that the process has in the machine, as Linux tells it. */
final class Resident {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Resident() {}

  /** Its bytes; skips the test on other systems. */
  static long bytes() throws IOException {
    return field("VmRSS:");
  }

  /** Its bytes but for pages of files, which the system can drop; skips as above. */
  static long ownBytes() throws IOException {
    return field("RssAnon:");
  }

  private static long field(String name) throws IOException {
    assumeTrue(Files.exists(STATUS), "Resident memory is read from /proc");
    return 1024
        * Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith(name))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
  }
}
