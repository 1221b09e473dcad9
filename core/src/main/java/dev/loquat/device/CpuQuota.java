package dev.loquat.device;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * The processors' time that Linux's control groups grant this process.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">cpu.max of version 2</a>
 * @see <a href="https://docs.kernel.org/scheduler/sched-bwc.html">cpu.cfs_quota_us of version 1</a>
 */
final class CpuQuota {

  private CpuQuota() {}

  /** How many processors' time; empty for no limit. */
  static OptionalDouble of(Path root) {
    DoubleStream first =
        ControlGroup.binding(root, "cpu", "sys/fs/cgroup/cpu").stream()
            .mapToDouble(CpuQuota::firstVersion);
    DoubleStream second =
        ControlGroup.binding(root, "", "sys/fs/cgroup").stream()
            .mapToDouble(CpuQuota::secondVersion);
    return DoubleStream.concat(first, second).filter(cores -> cores > 0).min();
  }

  private static double firstVersion(Path group) {
    return cores(
        SystemFile.number(group.resolve("cpu.cfs_quota_us")),
        SystemFile.number(group.resolve("cpu.cfs_period_us")));
  }

  // "max 100000" or "150000 100000": quota and period in microseconds.
  private static double secondVersion(Path group) {
    Optional<String> line = SystemFile.line(group.resolve("cpu.max"), text -> true);
    String[] fields = line.orElse("max").strip().split(" ", 2);
    return fields.length == 2
        ? cores(SystemFile.parse(fields[0]), SystemFile.parse(fields[1]))
        : DeviceInfo.UNKNOWN;
  }

  private static double cores(long quota, long period) {
    return quota > 0 && period > 0 ? (double) quota / period : DeviceInfo.UNKNOWN;
  }
}
