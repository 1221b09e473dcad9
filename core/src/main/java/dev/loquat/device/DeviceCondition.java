package dev.loquat.device;

import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.DeviceUnavailableException.Reason;
import dev.loquat.error.LoquatException;
import dev.loquat.error.OutOfMemoryException;
import java.util.Optional;
import java.util.stream.Collectors;

/** What keeps every backend from a GPU that is there. */
public final class DeviceCondition {
  /** What the backends' native libraries are built for. */
  private static final int CUDA_MAJOR = 12;

  private static final String OLDEST_DRIVER = "525.60.13";

  /** A CUDA or HIP context and the kernels of one library take about as much. */
  private static final long CONTEXT_BYTES = 256L << 20;

  private DeviceCondition() {}

  /**
   * Judges what was found of a device.
   *
   * @param info the device
   * @param details what else is known of it
   * @return the failure that any backend would end with, not thrown: an {@link
   *     OutOfMemoryException} if it is full, a {@link DeviceUnavailableException} if it is lost,
   *     claimed by others or its driver too old; empty if nothing is known against it
   */
  public static Optional<LoquatException> problem(
      DeviceInfo info, Optional<DeviceDetails> details) {
    return details
        .filter(GpuDetails.class::isInstance)
        .map(GpuDetails.class::cast)
        .flatMap(gpu -> problem(info, gpu));
  }

  /**
   * Looks at a device again on which something failed.
   *
   * @param info the device as it was found
   * @param failure what failed
   * @return what became of the device, with the failure as its suppressed one; empty if nothing is
   *     known against it
   */
  public static Optional<LoquatException> now(DeviceInfo info, LoquatException failure) {
    Optional<DeviceDetails> details = DeviceDiscovery.details(info.device());
    Optional<LoquatException> problem =
        details.isEmpty() ? Optional.of(gone(info)) : problem(info, details);
    problem.ifPresent(found -> found.addSuppressed(failure));
    return problem;
  }

  private static Optional<LoquatException> problem(DeviceInfo info, GpuDetails gpu) {
    if (gpu.gaps().stream().anyMatch(gap -> gap.contains("GPU_IS_LOST"))) {
      return Optional.of(gone(info));
    }
    if (gpu.isDriverOlderThan(CUDA_MAJOR)) {
      return Optional.of(tooOld(info, gpu));
    }
    if (gpu.sharing() == GpuSharing.PROHIBITED) {
      return Optional.of(prohibited(info));
    }
    if (gpu.sharing() == GpuSharing.EXCLUSIVE && !gpu.otherProcesses().isEmpty()) {
      return Optional.of(claimed(info, gpu));
    }
    boolean isFull = info.freeBytes() != DeviceInfo.UNKNOWN && info.freeBytes() < CONTEXT_BYTES;
    return isFull ? Optional.of(full(info, gpu)) : Optional.empty();
  }

  private static DeviceUnavailableException gone(DeviceInfo info) {
    return new DeviceUnavailableException(
        named(info)
            + " was there and is lost: it fell off the bus or was reset, or its driver stopped."
            + " Restart the machine, or choose another device.",
        Reason.LOST);
  }

  private static DeviceUnavailableException tooOld(DeviceInfo info, GpuDetails gpu) {
    return new DeviceUnavailableException(
        named(info)
            + " has driver "
            + gpu.driverVersion().orElse("of unknown version")
            + ", which runs CUDA up to "
            + gpu.apiVersion().orElse("an unknown one")
            + "; expected "
            + CUDA_MAJOR
            + ".0 or later. Install NVIDIA's driver "
            + OLDEST_DRIVER
            + " or a later one.",
        Reason.DRIVER_TOO_OLD);
  }

  private static DeviceUnavailableException prohibited(DeviceInfo info) {
    return new DeviceUnavailableException(
        named(info)
            + " takes no process: its compute mode is PROHIBITED. Set the mode with 'nvidia-smi -c"
            + " DEFAULT', or choose another device.",
        Reason.CLAIMED);
  }

  private static DeviceUnavailableException claimed(DeviceInfo info, GpuDetails gpu) {
    return new DeviceUnavailableException(
        named(info)
            + " is claimed: it takes one process at a time, and "
            + holders(gpu)
            + " holds it. End that, set the compute mode with 'nvidia-smi -c DEFAULT', or choose"
            + " another device.",
        Reason.CLAIMED);
  }

  private static OutOfMemoryException full(DeviceInfo info, GpuDetails gpu) {
    ByteFormat sizes = ByteFormat.apart(info.freeBytes(), CONTEXT_BYTES);
    String others = gpu.otherProcesses().isEmpty() ? "" : ", " + holders(gpu) + " holding some";
    return new OutOfMemoryException(
        named(info)
            + " is full: "
            + sizes.of(info.freeBytes())
            + " of "
            + sizes.of(info.totalBytes())
            + " are free"
            + others
            + "; expected "
            + sizes.of(CONTEXT_BYTES)
            + " for a backend to start. End what holds the memory, or choose another device.",
        CONTEXT_BYTES,
        info.freeBytes());
  }

  private static String holders(GpuDetails gpu) {
    return gpu.otherProcesses().stream()
        .map(process -> "process " + process.pid() + " (" + held(process) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String held(GpuProcess process) {
    return process.bytes() == DeviceInfo.UNKNOWN
        ? "unknown memory"
        : ByteFormat.text(process.bytes());
  }

  private static String named(DeviceInfo info) {
    return info.device() + " (" + info.name() + ")";
  }
}
