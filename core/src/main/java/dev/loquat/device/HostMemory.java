package dev.loquat.device;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The memory that this process may use, in bytes; {@link DeviceInfo#UNKNOWN} where nothing tells.
 *
 * @param totalBytes all of it
 * @param freeBytes what can be had without pushing others out
 */
record HostMemory(long totalBytes, long freeBytes) {

  static HostMemory of(Machine machine) {
    return machine.isLinux() ? LinuxMemory.read(machine.root()) : fromRuntime();
  }

  private static HostMemory fromRuntime() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? new HostMemory(system.getTotalMemorySize(), system.getFreeMemorySize())
        : new HostMemory(DeviceInfo.UNKNOWN, DeviceInfo.UNKNOWN);
  }

  /** The tighter of two bounds, number by number. */
  HostMemory within(HostMemory other) {
    return new HostMemory(lesser(totalBytes, other.totalBytes), lesser(freeBytes, other.freeBytes));
  }

  private static long lesser(long one, long other) {
    return one == DeviceInfo.UNKNOWN || other == DeviceInfo.UNKNOWN
        ? Math.max(one, other)
        : Math.min(one, other);
  }
}
