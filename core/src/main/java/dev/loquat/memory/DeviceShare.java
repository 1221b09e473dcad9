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
   * What several such models take, which are loaded one after the other.
   *
   * @param models how many, 1 or more
   * @return as many times the memory, but for what loading takes
   */
  public DeviceShare times(int models) {
    return new DeviceShare(
        models * weightBytes, models * cacheBytes, models * workspaceBytes, loadingBytes);
  }

  /**
   * What one of several models takes that together take this.
   *
   * @param models how many, 1 or more
   * @return an equal part of the memory, but all of what loading takes
   */
  public DeviceShare dividedBy(int models) {
    return new DeviceShare(
        weightBytes / models, cacheBytes / models, workspaceBytes / models, loadingBytes);
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
