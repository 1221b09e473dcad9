package dev.loquat.device;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A GPU and its driver.
 *
 * @param architecture what its code is compiled for: a compute capability such as "9.0", or AMD's
 *     target such as "gfx942"
 * @param driverVersion the driver's own version, such as "550.54.15"
 * @param apiVersion the newest CUDA that the driver can run, such as "12.4"
 * @param runtimeVersion the CUDA or HIP runtime that the system's loader finds, such as "12.8"
 * @param sharing which processes it takes
 * @param utilizationPercent how busy it was just now, 0 to 100
 * @param processes the processes that compute on it, this one included; in a container that numbers
 *     processes itself the driver's numbers may differ
 * @param gaps what could not be found out, each with the reason
 */
public record GpuDetails(
    Optional<String> architecture,
    Optional<String> driverVersion,
    Optional<String> apiVersion,
    Optional<String> runtimeVersion,
    GpuSharing sharing,
    OptionalInt utilizationPercent,
    List<GpuProcess> processes,
    List<String> gaps)
    implements DeviceDetails {

  /** Copies the lists. */
  public GpuDetails {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(driverVersion, "driverVersion");
    Objects.requireNonNull(apiVersion, "apiVersion");
    Objects.requireNonNull(runtimeVersion, "runtimeVersion");
    Objects.requireNonNull(sharing, "sharing");
    Objects.requireNonNull(utilizationPercent, "utilizationPercent");
    processes = List.copyOf(processes);
    gaps = List.copyOf(gaps);
  }

  /**
   * The processes that are not this one.
   *
   * @return those with another number
   */
  public List<GpuProcess> otherProcesses() {
    long own = ProcessHandle.current().pid();
    return processes.stream().filter(process -> process.pid() != own).toList();
  }

  /**
   * The memory that other processes hold.
   *
   * @return bytes, of those whose memory is known
   */
  public long otherProcessesBytes() {
    return otherProcesses().stream().mapToLong(process -> Math.max(0, process.bytes())).sum();
  }

  /**
   * Whether the driver is too old for a runtime: CUDA runs on a driver for its own major version,
   * whatever the minor one, or for a later.
   *
   * @param cudaMajor the runtime's major version, such as 12
   * @return whether the driver is known to be for an earlier one
   */
  public boolean isDriverOlderThan(int cudaMajor) {
    return apiVersion.filter(version -> major(version) < cudaMajor).isPresent();
  }

  private static int major(String version) {
    return Integer.parseInt(version.substring(0, version.indexOf('.')));
  }
}
