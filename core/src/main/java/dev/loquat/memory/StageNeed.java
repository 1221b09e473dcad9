package dev.loquat.memory;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.LayerSpan;
import java.util.List;
import java.util.Objects;

/**
 * What the layers that lie together on one device need of its memory.
 *
 * @param device the device
 * @param layers the layers
 * @param onDevice what they take, the embedding included with the first layer and the head with the
 *     last
 * @param fileBytes what steps read of mapped files, whose pages the system can drop and read again:
 *     the embedding with some backends, and all weights of layers on {@link Device#disk()}
 * @param availableBytes the device's limit or, without one, what of its memory can be had; {@link
 *     DeviceInfo#UNKNOWN} if nothing tells
 */
public record StageNeed(
    Device device, LayerSpan layers, DeviceShare onDevice, long fileBytes, long availableBytes) {

  /** Checks for nulls and the number. */
  public StageNeed {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(onDevice, "onDevice");
    NonNegative.require("fileBytes", fileBytes);
    if (availableBytes < DeviceInfo.UNKNOWN) {
      throw new IllegalArgumentException(
          "availableBytes is " + availableBytes + "; expected 0 or more");
    }
  }

  /**
   * Whether its device holds it together with what else of the model lies there.
   *
   * @param stages all stages of the model
   * @return true if what they need is available, or nothing tells what is
   */
  public boolean fitsAmong(List<StageNeed> stages) {
    return missingBytes(stages) <= 0;
  }

  /** What its device lacks for all that lies there; 0 or less if nothing. */
  long missingBytes(List<StageNeed> stages) {
    long needed =
        stages.stream()
            .filter(stage -> stage.device().equals(device))
            .mapToLong(StageNeed::neededBytes)
            .sum();
    return availableBytes == DeviceInfo.UNKNOWN ? 0 : needed - availableBytes;
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
