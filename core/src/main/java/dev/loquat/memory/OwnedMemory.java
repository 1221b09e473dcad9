package dev.loquat.memory;

/**
 * What of a model's memory on its device is for what, in bytes, each 0 or more, or {@link
 * MemoryReading#UNKNOWN} where the backend doesn't tell.
 *
 * @param weightBytes the weights
 * @param kvCacheBytes keys and values, but for those only kept for prompts to come
 * @param workspaceBytes buffers of steps
 * @param keptBytes keys and values that are only kept for prompts to come
 */
public record OwnedMemory(
    long weightBytes, long kvCacheBytes, long workspaceBytes, long keptBytes) {
  /** Nothing is told. */
  public static final OwnedMemory UNTOLD =
      new OwnedMemory(
          MemoryReading.UNKNOWN,
          MemoryReading.UNKNOWN,
          MemoryReading.UNKNOWN,
          MemoryReading.UNKNOWN);

  /** Nothing is held. */
  public static final OwnedMemory NONE = new OwnedMemory(0, 0, 0, 0);

  /** Checks the numbers. */
  public OwnedMemory {
    for (long bytes : new long[] {weightBytes, kvCacheBytes, workspaceBytes, keptBytes}) {
      if (bytes < MemoryReading.UNKNOWN) {
        throw new IllegalArgumentException(
            "An owner has " + bytes + " bytes; expected 0 or more, or -1 where unknown");
      }
    }
  }

  /**
   * What an owner has.
   *
   * @param owner the owner
   * @return bytes; {@link MemoryReading#UNKNOWN} where the backend doesn't tell
   */
  public long bytes(MemoryOwner owner) {
    return switch (owner) {
      case WEIGHTS -> weightBytes;
      case KV_CACHE -> kvCacheBytes;
      case WORKSPACE -> workspaceBytes;
      case CACHES -> keptBytes;
    };
  }

  /**
   * The higher of each two numbers; a known one is higher than an unknown one.
   *
   * @param other the other numbers
   * @return the higher numbers
   */
  public OwnedMemory max(OwnedMemory other) {
    return new OwnedMemory(
        Math.max(weightBytes, other.weightBytes),
        Math.max(kvCacheBytes, other.kvCacheBytes),
        Math.max(workspaceBytes, other.workspaceBytes),
        Math.max(keptBytes, other.keptBytes));
  }

  /**
   * The sum of each two numbers; unknown if one of them is.
   *
   * @param other the other numbers
   * @return the sums
   */
  public OwnedMemory plus(OwnedMemory other) {
    return new OwnedMemory(
        sum(weightBytes, other.weightBytes),
        sum(kvCacheBytes, other.kvCacheBytes),
        sum(workspaceBytes, other.workspaceBytes),
        sum(keptBytes, other.keptBytes));
  }

  /**
   * The same memory, some of whose KV cache is only kept for prompts to come.
   *
   * @param bytes how much of it is; no more counts than there is
   * @return the numbers
   */
  public OwnedMemory keeping(long bytes) {
    NonNegative.require("bytes", bytes);
    if (kvCacheBytes == MemoryReading.UNKNOWN) {
      return this;
    }
    long kept = Math.min(bytes, kvCacheBytes);
    return new OwnedMemory(
        weightBytes, kvCacheBytes - kept, workspaceBytes, Math.max(0, keptBytes) + kept);
  }

  private static long sum(long one, long other) {
    return one == MemoryReading.UNKNOWN || other == MemoryReading.UNKNOWN
        ? MemoryReading.UNKNOWN
        : one + other;
  }
}
