package dev.loquat.memory;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.EffectivePrecision;
import java.util.Objects;

/**
 * The memory that a model needs on a device, in one precision, batch and context length. Immutable.
 *
 * @param backend the backend that would run it
 * @param device the device
 * @param precision the precision asked for and what would become of it
 * @param replicas how many times the model is loaded onto the device, 1 or more
 * @param batch how many generations run side by side in each replica, 1 or more
 * @param contextLength the most tokens of each, 1 or more
 * @param onDevice what all replicas take of the device's memory, each counted in full even where
 *     they share weights
 * @param onHost what the process takes beside that of the machine's memory
 * @param availableBytes what of the device's memory can be had, in bytes; {@link
 *     DeviceInfo#UNKNOWN} if nothing tells
 */
public record MemoryNeed(
    String backend,
    Device device,
    EffectivePrecision precision,
    int replicas,
    int batch,
    int contextLength,
    DeviceShare onDevice,
    HostShare onHost,
    long availableBytes) {

  /** Checks for nulls and the numbers. */
  public MemoryNeed {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(onDevice, "onDevice");
    Objects.requireNonNull(onHost, "onHost");
    if (replicas < 1 || batch < 1 || contextLength < 1 || availableBytes < DeviceInfo.UNKNOWN) {
      throw new IllegalArgumentException(
          "replicas "
              + replicas
              + ", batch "
              + batch
              + ", contextLength "
              + contextLength
              + ", availableBytes "
              + availableBytes
              + "; expected 1 or more, 1 or more, 1 or more and 0 or more");
    }
  }

  /**
   * The need of a model that is loaded once.
   *
   * @param backend the backend that would run it
   * @param device the device
   * @param precision the precision asked for and what would become of it
   * @param batch how many generations run side by side, 1 or more
   * @param contextLength the most tokens of each, 1 or more
   * @param onDevice what it takes of the device's memory
   * @param onHost what the process takes beside that of the machine's memory
   * @param availableBytes what of the device's memory can be had, in bytes
   */
  public MemoryNeed(
      String backend,
      Device device,
      EffectivePrecision precision,
      int batch,
      int contextLength,
      DeviceShare onDevice,
      HostShare onHost,
      long availableBytes) {
    this(backend, device, precision, 1, batch, contextLength, onDevice, onHost, availableBytes);
  }

  /**
   * The same need, which another request led to.
   *
   * @param other the precision that was asked for and what would become of it
   * @return the need
   */
  public MemoryNeed withPrecision(EffectivePrecision other) {
    return new MemoryNeed(
        backend, device, other, replicas, batch, contextLength, onDevice, onHost, availableBytes);
  }

  /**
   * The KV cache of one generation at its full context.
   *
   * @return bytes
   */
  public long cacheBytesPerSlot() {
    return onDevice.cacheBytes() / replicas / batch;
  }

  /**
   * What must be free on the device for the model to run: the peak on the device, and on a CPU what
   * comes to the process with it, too. What the process holds already and mapped pages don't count.
   *
   * @return bytes
   */
  public long neededBytes() {
    return onDevice.peakBytes() + (isOnHost() ? onHost.runtimeBytes() : 0);
  }

  /**
   * The most that will be measured: on a CPU the resident set of the whole process, mapped pages
   * included, on other devices what the model takes of the device.
   *
   * @return bytes
   */
  public long predictedPeakBytes() {
    return isOnHost() ? Math.max(loadingPeak(), stepsPeak()) : onDevice.peakBytes();
  }

  /**
   * Whether it can be had.
   *
   * @return true if what is needed is available, or nothing tells what is
   */
  public boolean fits() {
    return availableBytes == DeviceInfo.UNKNOWN || neededBytes() <= availableBytes;
  }

  private boolean isOnHost() {
    return device.kind() == DeviceKind.CPU;
  }

  private long loadingPeak() {
    return residentBytes() + onDevice.loadingBytes() + onHost.mappedWhileLoading();
  }

  private long stepsPeak() {
    return residentBytes()
        + onDevice.cacheBytes()
        + onDevice.workspaceBytes()
        + onHost.mappedInSteps();
  }

  private long residentBytes() {
    return onHost.processBytes() + onHost.runtimeBytes() + onDevice.weightBytes();
  }
}
