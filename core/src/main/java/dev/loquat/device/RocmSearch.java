package dev.loquat.device;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds AMD GPUs through the HIP runtime, so that numbers and sizes are those HIP counts with,
 * {@code HIP_VISIBLE_DEVICES} included.
 *
 * <p>Free memory is the kernel's answer (Linux only): the runtime would need a context, which
 * itself takes memory.
 */
final class RocmSearch implements DeviceSearch {
  private static final List<String> LINUX_LIBRARIES =
      List.of(
          "libamdhip64.so",
          "libamdhip64.so.7",
          "libamdhip64.so.6",
          "libamdhip64.so.5",
          "/opt/rocm/lib/libamdhip64.so");
  private static final List<String> WINDOWS_LIBRARIES =
      List.of("amdhip64_7.dll", "amdhip64_6.dll", "amdhip64.dll");

  private final Machine machine;

  RocmSearch(Machine machine) {
    this.machine = machine;
  }

  @Override
  public DeviceKind kind() {
    return DeviceKind.ROCM;
  }

  @Override
  public List<DeviceInfo> search() throws DriverException {
    Driver driver = open();
    int count = driver.deviceCount("hipGetDeviceCount");
    List<DeviceInfo> found = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      found.add(describe(driver, index));
    }
    return found;
  }

  @Override
  public long freeBytes(int index) throws DriverException {
    Driver driver = open();
    return freeBytes(driver, driver.handle("hipDeviceGet", index));
  }

  @Override
  public DeviceDetails details(int index) throws DriverException {
    Driver driver = open();
    int handle = driver.handle("hipDeviceGet", index);
    return RocmInspection.of(machine, driver, driver.text("hipDeviceGetPCIBusId", handle));
  }

  private Driver open() throws DriverException {
    Driver driver = new Driver(library(), this::describe);
    driver.call("hipInit", 0);
    return driver;
  }

  private SharedLibrary library() throws DriverException {
    if (machine.isMac()) {
      throw new DriverException("macOS has no ROCm runtime");
    }
    List<String> names = machine.isWindows() ? WINDOWS_LIBRARIES : LINUX_LIBRARIES;
    for (String name : names) {
      try {
        return machine.libraries().load(name);
      } catch (LibraryNotFoundException e) {
        // The runtime's name changes with its version: try the next.
      }
    }
    throw new DriverException(
        String.join(", ", names) + " not found: no ROCm runtime is installed");
  }

  private DeviceInfo describe(Driver driver, int index) throws DriverException {
    int handle = driver.handle("hipDeviceGet", index);
    String name = driver.text("hipDeviceGetName", handle);
    long total = driver.bytes("hipDeviceTotalMem", handle);
    long free = Math.min(freeBytes(driver, handle), total);
    return new DeviceInfo(Device.rocm(index), name, total, free);
  }

  private long freeBytes(Driver driver, int handle) throws DriverException {
    return AmdGpu.freeBytes(machine.root(), driver.text("hipDeviceGetPCIBusId", handle));
  }

  private String describe(int code) {
    return HipErrors.describe(code)
        + machine.mention("HIP_VISIBLE_DEVICES")
        + machine.mention("ROCR_VISIBLE_DEVICES");
  }
}
