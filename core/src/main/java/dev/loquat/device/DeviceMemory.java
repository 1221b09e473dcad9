package dev.loquat.device;

import java.util.Objects;

/**
 * Asks for a device's free memory, again and again.
 *
 * <p>Each call asks the driver or the kernel anew and takes up to some tens of milliseconds for a
 * GPU: fit for before a model is loaded, not for each step of a generation. Safe for use by several
 * threads.
 */
public final class DeviceMemory {
  private final Machine machine;

  /** Asks this machine. */
  public DeviceMemory() {
    this(Machine.current());
  }

  DeviceMemory(Machine machine) {
    this.machine = machine;
  }

  /**
   * Asks how much of a device's memory is free now. For the CPU that is what this process can have
   * without pushing others out, within the limits of its container.
   *
   * @param device the device
   * @return bytes; {@link DeviceInfo#UNKNOWN} if nothing tells or there is no such device
   */
  public long freeBytes(Device device) {
    Objects.requireNonNull(device, "device");
    for (DeviceSearch search : DeviceSearch.all(machine)) {
      if (search.kind() == device.kind()) {
        return freeBytes(search, device.index());
      }
    }
    return DeviceInfo.UNKNOWN;
  }

  private static long freeBytes(DeviceSearch search, int index) {
    try {
      return search.freeBytes(index);
    } catch (DriverException e) {
      return DeviceInfo.UNKNOWN;
    }
  }
}
