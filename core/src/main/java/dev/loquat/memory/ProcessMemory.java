package dev.loquat.memory;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Asks how much of the machine's memory this process holds. Implementations are safe for use by
 * several threads.
 */
@FunctionalInterface
public interface ProcessMemory {

  /**
   * The memory of the process that calls: on Linux from {@code /proc/self/statm}, on macOS from
   * {@code task_info}, on Windows from {@code GetProcessMemoryInfo}; unknown on other systems.
   *
   * @return the source for this system
   */
  static ProcessMemory current() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.equals("linux")) {
      return new LinuxProcessMemory(Path.of("/proc/self"));
    }
    if (system.startsWith("mac")) {
      return MacProcessMemory.of("System");
    }
    return system.startsWith("windows")
        ? WindowsProcessMemory.of("kernel32")
        : () -> MemoryReading.UNKNOWN;
  }

  /**
   * The pages that are in memory now, mapped files and shared pages included (the resident set). A
   * few microseconds; on Linux the kernel's count may lag by some pages per processor.
   *
   * @return bytes; {@link MemoryReading#UNKNOWN} if the system doesn't tell
   */
  long residentBytes();

  /**
   * The most pages that were ever in memory at once, as the system counted them itself.
   *
   * @return bytes; {@link MemoryReading#UNKNOWN}, as by default, if the system doesn't tell
   */
  default long peakBytes() {
    return MemoryReading.UNKNOWN;
  }
}
