package dev.loquat.device;

import java.nio.file.Path;

/** Linux's memory, as {@code man 5 proc_meminfo} describes, within the limits of control groups. */
final class LinuxMemory {
  private static final long KIB = 1024;

  private LinuxMemory() {}

  static HostMemory read(Path root) {
    Path meminfo = root.resolve("proc/meminfo");
    HostMemory machine =
        new HostMemory(kibibytes(meminfo, "MemTotal:"), kibibytes(meminfo, "MemAvailable:"));
    return machine.within(limits(root));
  }

  /** What control groups grant of it; unknown numbers where they set no limit. */
  static HostMemory limits(Path root) {
    HostMemory limits = new HostMemory(DeviceInfo.UNKNOWN, DeviceInfo.UNKNOWN);
    for (CgroupVersion version : CgroupVersion.values()) {
      limits = limits.within(version.read(root));
    }
    return limits;
  }

  private static long kibibytes(Path meminfo, String key) {
    long value = SystemFile.number(meminfo, key);
    return value < 0 || value > Long.MAX_VALUE / KIB ? DeviceInfo.UNKNOWN : value * KIB;
  }
}
