package dev.loquat.device;

import java.util.List;
import java.util.Objects;

/**
 * What a search of this machine for devices found.
 *
 * @param found the devices there are, the CPU last, others in the order of kind and index
 * @param absent the kinds that were not found, each with its reason
 */
public record DeviceDiscovery(List<DeviceInfo> found, List<AbsentDevice> absent) {

  /** Copies the lists. */
  public DeviceDiscovery {
    found = List.copyOf(Objects.requireNonNull(found, "found"));
    absent = List.copyOf(Objects.requireNonNull(absent, "absent"));
  }
}
