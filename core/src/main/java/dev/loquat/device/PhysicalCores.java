package dev.loquat.device;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The processor's cores: two hardware threads of one share its arithmetic and its caches. */
public final class PhysicalCores {
  private static final Path LINUX_CPUS = Path.of("/sys/devices/system/cpu");

  private PhysicalCores() {}

  /**
   * The cores that this process may use, which is how many threads compute fastest.
   *
   * @return 1 or more; where the system does not tell cores from hardware threads, the threads
   */
  public static int count() {
    return Math.min(Runtime.getRuntime().availableProcessors(), ofMachine(LINUX_CPUS));
  }

  /** Counts the distinct groups of sibling threads, or nothing readable as no limit. */
  static int ofMachine(Path cpus) {
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
      for (Path folder : folders) {
        Path siblings = folder.resolve("topology/thread_siblings_list");
        if (Files.isReadable(siblings)) {
          cores.add(Files.readString(siblings).strip());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Integer.MAX_VALUE;
    }
    return cores.isEmpty() ? Integer.MAX_VALUE : cores.size();
  }
}
