package dev.loquat;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.discovery.BackendQuery;
import dev.loquat.internal.discovery.BackendRegistry;
import java.util.Collections;
import java.util.List;

/** Which device each replica of a model runs on. */
final class ReplicaDevices {
  private ReplicaDevices() {}

  /**
   * All on a CPU or on the device demanded; otherwise each on a device of its own.
   *
   * @throws DeviceUnavailableException if there are too few devices
   */
  static List<Device> of(
      int count, BackendChoice first, BackendRegistry registry, BackendQuery query) {
    Device device = first.device();
    if (count == 1 || device.kind() == DeviceKind.CPU || query.device().isPresent()) {
      return Collections.nCopies(count, device);
    }
    List<Device> alike =
        registry.everywhere(query).stream()
            .filter(choice -> choice.provider().name().equals(first.provider().name()))
            .map(BackendChoice::device)
            .filter(other -> other.kind() == device.kind())
            .toList();
    if (alike.size() < count) {
      throw new DeviceUnavailableException(
          count
              + " replicas need as many devices; the backend '"
              + first.provider().name()
              + "' can use "
              + alike
              + ". Ask for fewer replicas, or put all of them on one device with onDevice(device).");
    }
    return alike.subList(0, count);
  }
}
