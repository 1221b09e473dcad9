package dev.loquat.device;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds NVIDIA GPUs through the CUDA driver API, so that numbers and sizes are those CUDA counts
 * with, {@code CUDA_VISIBLE_DEVICES} included.
 *
 * <p>Free memory is NVML's answer: the driver API would need a context, which itself takes memory.
 */
final class CudaSearch implements DeviceSearch {
  private static final int UUID_BYTES = 16;

  private final Machine machine;

  CudaSearch(Machine machine) {
    this.machine = machine;
  }

  @Override
  public DeviceKind kind() {
    return DeviceKind.CUDA;
  }

  @Override
  public List<DeviceInfo> search() throws DriverException {
    Driver driver = open();
    int count = driver.deviceCount("cuDeviceGetCount");
    try (Nvml nvml = Nvml.open(machine)) {
      List<DeviceInfo> found = new ArrayList<>();
      for (int index = 0; index < count; index++) {
        found.add(describe(driver, nvml, index));
      }
      return found;
    }
  }

  @Override
  public long freeBytes(int index) throws DriverException {
    Driver driver = open();
    int handle = driver.handle("cuDeviceGet", index);
    try (Nvml nvml = Nvml.open(machine)) {
      return freeBytes(driver, nvml, handle);
    }
  }

  @Override
  public DeviceDetails details(int index) throws DriverException {
    Driver driver = open();
    int handle = driver.handle("cuDeviceGet", index);
    try (Nvml nvml = Nvml.open(machine)) {
      return new CudaInspection(machine, driver, nvml).of(handle, () -> uuid(driver, handle));
    }
  }

  /** The driver, started. */
  Driver open() throws DriverException {
    Driver driver = new Driver(library(), this::describe);
    driver.call("cuInit", 0);
    return driver;
  }

  private SharedLibrary library() throws DriverException {
    if (machine.isMac()) {
      throw new DriverException("macOS has no CUDA driver");
    }
    try {
      return machine.libraries().load(machine.isWindows() ? "nvcuda.dll" : "libcuda.so.1");
    } catch (LibraryNotFoundException e) {
      throw new DriverException(e.getMessage() + ": no NVIDIA driver is installed", e);
    }
  }

  private static DeviceInfo describe(Driver driver, Nvml nvml, int index) throws DriverException {
    int handle = driver.handle("cuDeviceGet", index);
    String name = driver.text("cuDeviceGetName", handle);
    long total = driver.bytes("cuDeviceTotalMem_v2", handle);
    long free = Math.min(freeBytes(driver, nvml, handle), total);
    return new DeviceInfo(Device.cuda(index), name, total, free);
  }

  // A GPU that can't be told from the others is still a GPU.
  private static long freeBytes(Driver driver, Nvml nvml, int handle) {
    try {
      return nvml.freeBytes(uuid(driver, handle));
    } catch (DriverException e) {
      return DeviceInfo.UNKNOWN;
    }
  }

  // Version 2 names the slice of a GPU that is split (MIG); older drivers have the first only.
  private static byte[] uuid(Driver driver, int handle) throws DriverException {
    byte[] uuid = new byte[UUID_BYTES];
    try {
      driver.call("cuDeviceGetUuid_v2", uuid, handle);
    } catch (DriverException e) {
      driver.call("cuDeviceGetUuid", uuid, handle);
    }
    return uuid;
  }

  private String describe(int code) {
    return CudaErrors.describe(code) + machine.mention("CUDA_VISIBLE_DEVICES");
  }
}
