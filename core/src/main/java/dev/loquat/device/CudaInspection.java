package dev.loquat.device;

import com.sun.jna.ptr.IntByReference;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks CUDA's driver, its management library and its runtime what they tell of one GPU.
 *
 * @param machine where the runtime is looked for
 * @param driver the driver, started
 * @param nvml the management library
 */
record CudaInspection(Machine machine, Driver driver, Nvml nvml) {
  private static final int COMPUTE_MODE = 20; // CUdevice_attribute of cuda.h, as the next two
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;

  GpuDetails of(int handle, Uuid uuid) {
    Gaps gaps = new Gaps();
    Optional<String> architecture = gaps.ask("compute capability", () -> capability(handle));
    Optional<String> driverVersion = gaps.ask("driver version", nvml::driverVersion);
    Optional<String> apiVersion =
        gaps.ask("CUDA version", () -> CudaVersion.told(driver, "cuDriverGetVersion"));
    Optional<GpuSharing> sharing = gaps.ask("compute mode", () -> sharing(handle));
    Optional<Integer> busy = gaps.ask("utilization", () -> nvml.utilizationPercent(uuid.bytes()));
    Optional<List<GpuProcess>> processes =
        gaps.ask("processes", () -> nvml.processes(uuid.bytes()));
    return new GpuDetails(
        architecture,
        driverVersion,
        apiVersion,
        CudaVersion.ofRuntime(machine),
        sharing.orElse(GpuSharing.SHARED),
        busy.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        processes.orElse(List.of()),
        gaps.reasons());
  }

  /** Asks for the 16 bytes by which NVML knows the GPU. */
  @FunctionalInterface
  interface Uuid {
    byte[] bytes() throws DriverException;
  }

  private String capability(int handle) throws DriverException {
    return attribute(CAPABILITY_MAJOR, handle) + "." + attribute(CAPABILITY_MINOR, handle);
  }

  private GpuSharing sharing(int handle) throws DriverException {
    return switch (attribute(COMPUTE_MODE, handle)) {
      case 0 -> GpuSharing.SHARED;
      case 2 -> GpuSharing.PROHIBITED;
      default -> GpuSharing.EXCLUSIVE;
    };
  }

  private int attribute(int attribute, int handle) throws DriverException {
    IntByReference value = new IntByReference();
    driver.call("cuDeviceGetAttribute", value, attribute, handle);
    return value.getValue();
  }
}
