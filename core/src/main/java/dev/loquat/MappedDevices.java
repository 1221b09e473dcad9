package dev.loquat;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.DeviceMap;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.internal.discovery.BackendQuery;
import dev.loquat.internal.discovery.BackendRegistry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The devices of a map, and the one backend that runs the model on all of them.
 *
 * @param provider the backend
 * @param devices the devices in the order of layers, one or more
 */
record MappedDevices(BackendProvider provider, List<Device> devices) {

  /**
   * Looks for them.
   *
   * @throws dev.loquat.error.DeviceUnavailableException if a device is not on this machine
   * @throws BackendUnavailableException if no backend can use all of them
   */
  static MappedDevices find(LoadOptions options, DeviceMap map, ModelConfig config) {
    Search search = new Search(options, config, BackendRegistry.load(), DeviceDiscovery.search());
    MappedDevices found = map.isOfMachine() ? search.everywhere(map) : search.on(map.devices());
    search.requireOffload(found, map);
    return found;
  }

  private record Search(
      LoadOptions options, ModelConfig config, BackendRegistry registry, DeviceDiscovery machine) {

    /** Every device that the best backend can use, and the parts of the CPU that have limits. */
    MappedDevices everywhere(DeviceMap map) {
      map.limits().keySet().forEach(device -> choose(device.physical(), options.backend()));
      BackendProvider provider =
          registry.choose(query(Optional.empty(), options.backend())).provider();
      Stream<Device> found =
          machine.found().stream()
              .map(DeviceInfo::device)
              .filter(device -> supports(provider, device));
      Stream<Device> parts =
          map.limits().keySet().stream()
              .filter(device -> !device.equals(device.physical()))
              .filter(device -> device.kind() != DeviceKind.DISK)
              .sorted((one, other) -> Integer.compare(one.index(), other.index()));
      Stream<Device> disk = map.devices().stream();
      return new MappedDevices(
          provider, Stream.of(found, parts, disk).flatMap(devices -> devices).toList());
    }

    MappedDevices on(List<Device> devices) {
      List<String> candidates =
          devices.stream()
              .map(device -> choose(device.physical(), options.backend()).name())
              .distinct()
              .toList();
      for (String name : candidates) {
        BackendProvider provider = choose(devices.get(0).physical(), Optional.of(name));
        if (devices.stream().allMatch(device -> supports(provider, device.physical()))) {
          return new MappedDevices(provider, devices);
        }
      }
      throw new BackendUnavailableException(
          "No backend can use all of "
              + devices
              + " for this model; "
              + candidates
              + " can use some. Choose devices that one backend can use.");
    }

    void requireOffload(MappedDevices found, DeviceMap map) {
      if (map.offloads()
          && BackendRegistry.supports(
                  found.provider(),
                  config,
                  Device.disk(),
                  options.precisionToFind(),
                  options.cachePrecision())
              instanceof Support.Unsupported no) {
        throw new BackendUnavailableException(
            "The backend '"
                + found.provider().name()
                + "' can't leave layers on disk: "
                + no.reason()
                + ".");
      }
    }

    private BackendProvider choose(Device device, Optional<String> backend) {
      return registry.choose(query(Optional.of(device), backend)).provider();
    }

    private boolean supports(BackendProvider provider, Device device) {
      return BackendRegistry.supports(
              provider, config, device, options.precisionToFind(), options.cachePrecision())
          instanceof Support.Supported;
    }

    private BackendQuery query(Optional<Device> device, Optional<String> backend) {
      return new BackendQuery(
          config,
          options.precisionToFind(),
          options.half().pure(),
          options.cachePrecision(),
          machine,
          device,
          backend);
    }
  }
}
