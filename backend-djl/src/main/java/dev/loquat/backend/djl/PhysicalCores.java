package dev.loquat.backend.djl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** How many cores compute: two hardware threads of a core share the units that matrices need. */
final class PhysicalCores {
  private static final Path LINUX_CPUS = Path.of("/sys/devices/system/cpu");

  private PhysicalCores() {}

  /** The cores that this process may use; on systems other than Linux the hardware threads. */
  static int count() {
    return Math.min(Runtime.getRuntime().availableProcessors(), ofMachine(LINUX_CPUS));
  }

  /** Counts the distinct groups of sibling threads, or nothing readable as no limit. */
  static int ofMachine(Path cpus) {
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
      for (Path folder : folders) {
        Path siblings = folder.resolve("topology/thread_siblings_list");
        if (Files.isReadable(siblings)) {
          cores.add(Files.readString(siblings));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      return Integer.MAX_VALUE;
    }
    return cores.isEmpty() ? Integer.MAX_VALUE : cores.size();
  }
}
