package dev.loquat.memory;

import java.util.Objects;

/**
 * Memory in use at one moment.
 *
 * @param deviceBytes what the backend holds on its device, in bytes; {@link #UNKNOWN} if it doesn't
 *     tell
 * @param processBytes what the whole process holds of the machine's memory, in bytes; {@link
 *     #UNKNOWN} if the system doesn't tell
 * @param owned what of {@code deviceBytes} is for what
 */
public record MemoryReading(long deviceBytes, long processBytes, OwnedMemory owned) {
  /** A number of bytes that nothing tells. */
  public static final long UNKNOWN = -1;

  /** Checks the numbers. */
  public MemoryReading {
    Objects.requireNonNull(owned, "owned");
    if (deviceBytes < UNKNOWN || processBytes < UNKNOWN) {
      throw new IllegalArgumentException(
          "A memory reading has "
              + deviceBytes
              + " bytes on the device and "
              + processBytes
              + " in the process; expected 0 or more, or -1 where unknown");
    }
  }

  /**
   * A reading that does not tell what the memory is for.
   *
   * @param deviceBytes on the device; {@link #UNKNOWN} if nothing tells
   * @param processBytes in the process; {@link #UNKNOWN} if nothing tells
   */
  public MemoryReading(long deviceBytes, long processBytes) {
    this(deviceBytes, processBytes, OwnedMemory.UNTOLD);
  }

  /**
   * The higher of two readings, number by number; a known number is higher than an unknown one.
   *
   * @param other the other reading
   * @return the higher numbers
   */
  public MemoryReading max(MemoryReading other) {
    return new MemoryReading(
        Math.max(deviceBytes, other.deviceBytes),
        Math.max(processBytes, other.processBytes),
        owned.max(other.owned));
  }

  /**
   * The same of the device, with a newer number of the process.
   *
   * @param bytes what the process holds; {@link #UNKNOWN} if the system doesn't tell
   * @return the reading
   */
  MemoryReading withProcess(long bytes) {
    return new MemoryReading(deviceBytes, bytes, owned);
  }
}
