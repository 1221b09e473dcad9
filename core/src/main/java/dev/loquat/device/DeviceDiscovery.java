package dev.loquat.device;

import dev.loquat.error.DeviceUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /**
   * Finds a device among those found.
   *
   * @param device the device
   * @return what was found of it
   * @throws DeviceUnavailableException if it was not found
   */
  public DeviceInfo require(Device device) {
    return found.stream()
        .filter(info -> info.device().equals(device))
        .findFirst()
        .orElseThrow(() -> notThere(device));
  }

  private DeviceUnavailableException notThere(Device device) {
    if (device.kind() == DeviceKind.DISK) {
      return new DeviceUnavailableException(
          "The disk computes nothing: a device map leaves on it what fits no device. Choose cpu, or"
              + " load with onDevices(DeviceMap.auto().offloadToDisk()).");
    }
    if (!device.equals(device.physical())) {
      return partOnly(device);
    }
    String reason =
        absent.stream()
            .filter(kind -> kind.kind() == device.kind())
            .map(kind -> " " + kind.kind() + ": " + kind.reason() + ".")
            .collect(Collectors.joining());
    return new DeviceUnavailableException(
        "Device "
            + device
            + " is not on this machine, which has "
            + found.stream().map(DeviceInfo::device).toList()
            + "."
            + reason
            + " Choose one of these, or none to get the best.");
  }

  private static DeviceUnavailableException partOnly(Device part) {
    return new DeviceUnavailableException(
        "Device "
            + part
            + " is no device of its own but a part of the processor's memory, which only a device map"
            + " tells from others. Choose cpu, or spread the model with"
            + " onDevices(DeviceMap.auto(Device.cpu(0), Device.cpu("
            + part.index()
            + "))).");
  }

  /**
   * Searches this machine for devices of every kind.
   *
   * <p>Loads the GPU drivers that are installed (they stay loaded) and starts them, which can take
   * some hundred milliseconds; takes no memory of a GPU. A kind whose driver is missing, fails or
   * answers nonsense is absent, with the reason; nothing is thrown for it. Nothing is remembered:
   * each call searches anew. Safe for use by several threads.
   *
   * @return what was found and what was not
   */
  public static DeviceDiscovery search() {
    return search(Machine.current());
  }

  static DeviceDiscovery search(Machine machine) {
    List<DeviceInfo> found = new ArrayList<>();
    List<AbsentDevice> absent = new ArrayList<>();
    for (DeviceSearch search : DeviceSearch.all(machine)) {
      try {
        found.addAll(search.search());
      } catch (DriverException e) {
        absent.add(new AbsentDevice(search.kind(), reason(e)));
      }
    }
    return new DeviceDiscovery(found, absent);
  }

  /**
   * Asks a device's driver or the kernel for what else they tell of it, as {@link #search} does:
   * takes no memory of a GPU, remembers nothing. Safe for use by several threads.
   *
   * @param device the device
   * @return what can be known; empty if there is no such device
   */
  public static Optional<DeviceDetails> details(Device device) {
    return details(Machine.current(), Objects.requireNonNull(device, "device"));
  }

  static Optional<DeviceDetails> details(Machine machine, Device device) {
    for (DeviceSearch search : DeviceSearch.all(machine)) {
      if (search.kind() == device.kind()) {
        return details(search, device.index());
      }
    }
    return Optional.empty();
  }

  private static Optional<DeviceDetails> details(DeviceSearch search, int index) {
    try {
      return Optional.of(search.details(index));
    } catch (DriverException e) {
      return Optional.empty();
    }
  }

  private static String reason(DriverException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }
}
