package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendOptions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** How many threads to compute with. */
final class CpuThreads {
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");

  private CpuThreads() {}

  /**
   * The number asked for, or one thread for each physical core that this process may use: two on
   * one core share its arithmetic and its caches.
   */
  static int of(BackendOptions options) {
    if (options.threads() != BackendOptions.AUTO_THREADS) {
      return options.threads();
    }
    int allowed = Runtime.getRuntime().availableProcessors();
    int cores = physicalCores(CPUS);
    return cores == 0 ? allowed : Math.min(allowed, cores);
  }

  /** The different sets of siblings that Linux lists; 0 where nothing tells. */
  static int physicalCores(Path cpus) {
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
      for (Path folder : folders) {
        Path siblings = folder.resolve("topology/thread_siblings_list");
        if (Files.isReadable(siblings)) {
          cores.add(Files.readString(siblings).strip());
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return cores.size();
  }
}
