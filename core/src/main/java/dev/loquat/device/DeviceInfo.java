package dev.loquat.device;

import java.util.Objects;

/**
 * A device that was found on this machine.
 *
 * @param device which one
 * @param name the name its driver gives, such as "NVIDIA H100 80GB HBM3"
 * @param totalBytes its memory in bytes; {@link #UNKNOWN} if nothing tells
 * @param freeBytes its memory in bytes that was free when asked; {@link #UNKNOWN} if nothing tells
 */
public record DeviceInfo(Device device, String name, long totalBytes, long freeBytes) {
  /** A number of bytes that nothing on this machine tells. */
  public static final long UNKNOWN = -1;

  /** Checks the numbers. */
  public DeviceInfo {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(name, "name");
    if (totalBytes < UNKNOWN || freeBytes < UNKNOWN) {
      throw new IllegalArgumentException(
          device + " has " + totalBytes + " bytes, " + freeBytes + " free; expected 0 or more");
    }
  }
}
