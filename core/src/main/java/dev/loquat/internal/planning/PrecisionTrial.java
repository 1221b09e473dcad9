package dev.loquat.internal.planning;

import dev.loquat.device.Precision;

/** What would become of a model in one precision or another, on one device or on several. */
public interface PrecisionTrial {

  /**
   * The memory in a precision.
   *
   * @param fits whether it suffices
   * @param neededBytes what is needed, on all devices together
   * @param availableBytes what can be had; {@link dev.loquat.device.DeviceInfo#UNKNOWN} if nothing
   *     tells
   */
  record Room(boolean fits, long neededBytes, long availableBytes) {}

  /**
   * Whether the backend can do it.
   *
   * @param precision the precision
   * @return true if it can on every device
   */
  boolean isSupported(Precision precision);

  /**
   * Whether there is memory for it.
   *
   * @param precision a supported one
   * @return the memory
   */
  Room room(Precision precision);
}
