package dev.loquat.device;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The processor, within the limits of the container or service that this process runs in.
 *
 * @param architecture as the property {@code os.arch} has it, such as "amd64"
 * @param features the instruction sets that matter to matrix products, as Linux names them, such as
 *     "avx2"; none where nothing tells
 * @param physicalCores the cores of the machine; its hardware threads where nothing tells them
 *     apart
 * @param logicalCores the hardware threads that this process may use
 * @param cpuQuota how many processors' time the control groups grant; empty for no limit
 * @param memoryLimitBytes what memory the control groups grant; empty for no limit
 */
public record CpuDetails(
    String architecture,
    List<String> features,
    int physicalCores,
    int logicalCores,
    OptionalDouble cpuQuota,
    OptionalLong memoryLimitBytes)
    implements DeviceDetails {

  /** Copies the features. */
  public CpuDetails {
    Objects.requireNonNull(architecture, "architecture");
    features = List.copyOf(features);
    Objects.requireNonNull(cpuQuota, "cpuQuota");
    Objects.requireNonNull(memoryLimitBytes, "memoryLimitBytes");
  }
}
