package dev.loquat.device;

import java.util.Objects;

/**
 * A kind of device that this machine was searched for in vain.
 *
 * @param kind the kind
 * @param reason the exact missing piece, such as "libcudart.so.12 not found"
 */
public record AbsentDevice(DeviceKind kind, String reason) {

  /** Checks for nulls. */
  public AbsentDevice {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(reason, "reason");
  }
}
