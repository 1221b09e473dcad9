package dev.loquat.device;

import java.util.List;

/** The search for the devices of one kind. */
interface DeviceSearch {

  /**
   * All searches, in the order in which their devices are reported.
   *
   * @param machine where to search
   * @return one search per kind
   */
  static List<DeviceSearch> all(Machine machine) {
    return List.of(
        new CudaSearch(machine),
        new RocmSearch(machine),
        new MpsSearch(machine),
        new CpuSearch(machine));
  }

  /**
   * What is searched for.
   *
   * @return the kind
   */
  DeviceKind kind();

  /**
   * Searches.
   *
   * @return the devices, one at least, by index
   * @throws DriverException if there are none; its message is the reason
   */
  List<DeviceInfo> search() throws DriverException;

  /**
   * Asks for one device's free memory.
   *
   * @param index the device's number
   * @return bytes; {@link DeviceInfo#UNKNOWN} if nothing tells
   * @throws DriverException if there is no such device
   */
  long freeBytes(int index) throws DriverException;

  /**
   * Asks for all else that can be known of one device.
   *
   * @param index the device's number
   * @return the details
   * @throws DriverException if there is no such device
   */
  DeviceDetails details(int index) throws DriverException;
}
