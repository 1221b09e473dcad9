package dev.loquat.memory;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.LayerSpan;
import java.util.Objects;

/**
 * What the layers that lie together on one device need of its memory.
 *
 * @param device the device
 * @param layers the layers
 * @param onDevice what they take, the embedding included with the first layer and the head with the
 *     last
 * @param availableBytes the device's limit or, without one, what of its memory can be had; {@link
 *     DeviceInfo#UNKNOWN} if nothing tells
 */
public record StageNeed(
    Device device, LayerSpan layers, DeviceShare onDevice, long availableBytes) {

  /** Checks for nulls and the number. */
  public StageNeed {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(onDevice, "onDevice");
    if (availableBytes < DeviceInfo.UNKNOWN) {
      throw new IllegalArgumentException(
          "availableBytes is " + availableBytes + "; expected 0 or more");
    }
  }

  /**
   * What must be available on the device.
   *
   * @return bytes
   */
  public long neededBytes() {
    return onDevice.peakBytes();
  }
}
