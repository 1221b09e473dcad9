package dev.loquat.internal.planning;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How much of each device may be taken: its limit, as far as the machine has it. Parts of one
 * processor without a limit share evenly what those with one leave. What the disk's layers need of
 * memory comes from all that is free.
 */
final class StageCapacities {
  private final List<Device> devices;
  private final Map<Device, Long> limits;
  private final ToLongFunction<Device> free;

  private StageCapacities(
      List<Device> devices, Map<Device, Long> limits, ToLongFunction<Device> free) {
    this.devices = devices;
    this.limits = limits;
    this.free = free;
  }

  /**
   * The bytes of each device; {@link DeviceInfo#UNKNOWN} where nothing tells.
   *
   * @param free what is free on a device of the machine
   */
  static Map<Device, Long> of(
      List<Device> devices, Map<Device, Long> limits, ToLongFunction<Device> free) {
    StageCapacities capacities = new StageCapacities(devices, limits, free);
    Map<Device, Long> bytes = new LinkedHashMap<>();
    devices.forEach(device -> bytes.put(device, capacities.bytes(device)));
    return bytes;
  }

  private long bytes(Device device) {
    long there = free.applyAsLong(device.physical());
    Long limit = limits.get(device);
    if (limit != null) {
      return there == DeviceInfo.UNKNOWN ? limit : Math.min(limit, there);
    }
    return there == DeviceInfo.UNKNOWN || isDisk(device)
        ? there
        : shareOf(device.physical(), there);
  }

  private static boolean isDisk(Device device) {
    return device.kind() == DeviceKind.DISK;
  }

  private long shareOf(Device physical, long there) {
    List<Device> parts =
        devices.stream().filter(part -> part.physical().equals(physical) && !isDisk(part)).toList();
    long limited = parts.stream().mapToLong(part -> limits.getOrDefault(part, 0L)).sum();
    long unlimited = parts.stream().filter(part -> !limits.containsKey(part)).count();
    return Math.max(0, there - limited) / unlimited;
  }
}
