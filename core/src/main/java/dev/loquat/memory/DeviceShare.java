package dev.loquat.memory;

/**
 * What a model takes of its device's memory, in bytes, each 0 or more.
 *
 * @param weightBytes the weights, as long as the model is loaded
 * @param cacheBytes the KV cache when every slot is full; taken as sequences grow
 * @param workspaceBytes what steps take beside both, at most, buffers kept for reuse included
 * @param loadingBytes what loading takes beside the weights, at most, before there is a cache
 */
public record DeviceShare(
    long weightBytes, long cacheBytes, long workspaceBytes, long loadingBytes) {

  /** Checks the numbers. */
  public DeviceShare {
    NonNegative.require("weightBytes", weightBytes);
    NonNegative.require("cacheBytes", cacheBytes);
    NonNegative.require("workspaceBytes", workspaceBytes);
    NonNegative.require("loadingBytes", loadingBytes);
  }

  /**
   * The most that is taken at once: while loading or when all slots are full, whichever is more.
   *
   * @return the peak
   */
  public long peakBytes() {
    return weightBytes + Math.max(loadingBytes, cacheBytes + workspaceBytes);
  }
}
