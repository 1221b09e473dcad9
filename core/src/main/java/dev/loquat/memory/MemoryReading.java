package dev.loquat.memory;

/**
 * Memory in use at one moment.
 *
 * @param deviceBytes what the backend holds on its device, in bytes; {@link #UNKNOWN} if it doesn't
 *     tell
 * @param processBytes what the whole process holds of the machine's memory, in bytes; {@link
 *     #UNKNOWN} if the system doesn't tell
 */
public record MemoryReading(long deviceBytes, long processBytes) {
  /** A number of bytes that nothing tells. */
  public static final long UNKNOWN = -1;

  /** Checks the numbers. */
  public MemoryReading {
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
   * The higher of two readings, number by number; a known number is higher than an unknown one.
   *
   * @param other the other reading
   * @return the higher numbers
   */
  public MemoryReading max(MemoryReading other) {
    return new MemoryReading(
        Math.max(deviceBytes, other.deviceBytes), Math.max(processBytes, other.processBytes));
  }
}
