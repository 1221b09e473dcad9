package dev.loquat.internal.discovery;

import dev.loquat.device.Device;

/** Which kind of device is taken first where the caller leaves the choice. */
final class DevicePreference {

  private DevicePreference() {}

  /** The rank of a device's kind; the lowest is the best. */
  static int rank(Device device) {
    return switch (device.kind()) {
      case CUDA -> 0;
      case ROCM -> 1;
      case MPS -> 2;
      case CPU -> 3;
      case DISK -> 4;
    };
  }
}
