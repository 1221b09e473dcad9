package dev.loquat.backend;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.EffectivePrecision;
import java.util.Objects;

/**
 * What a backend expects a model to take of its device, computed from the checkpoint's headers. In
 * bytes.
 *
 * @param precision what would become of the precision asked for
 * @param weightBytes what the weights are held in as long as the model is loaded
 * @param readBytes what of them a step of one token reads: without an embedding that only one row
 *     is looked up in, and without what only fills blocks up
 * @param cacheBytes the KV cache when every slot is full
 * @param loading what loading takes beside the weights, at most
 * @param steps what steps take beside weights and cache, at most, buffers kept for reuse included
 * @param codeBytes the pages of native code and its own tables that the first steps bring into the
 *     process and that were not there before
 */
public record MemoryEstimate(
    EffectivePrecision precision,
    long weightBytes,
    long readBytes,
    long cacheBytes,
    WorkingMemory loading,
    WorkingMemory steps,
    long codeBytes) {

  /** Checks the numbers. */
  public MemoryEstimate {
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(loading, "loading");
    Objects.requireNonNull(steps, "steps");
    if (weightBytes < 0 || readBytes < 0 || cacheBytes < 0 || codeBytes < 0) {
      throw new IllegalArgumentException(
          weightBytes
              + " bytes of weights, "
              + readBytes
              + " of them read, "
              + cacheBytes
              + " of cache, "
              + codeBytes
              + " of code; expected 0 or more of each");
    }
  }

  /**
   * The least that any backend takes: weights as in the files, keys and values in FP32, nothing
   * beside them. For backends that know no better.
   *
   * @param checkpoint the model
   * @param options where and how it would be loaded
   * @param use how much it would do
   * @return the estimate
   */
  public static MemoryEstimate least(
      Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return least(
        checkpoint, LayerRange.all(checkpoint.config()), checkpoint.weightBytes(), options, use);
  }

  /**
   * The least that any backend takes for a range of layers.
   *
   * @param checkpoint the model
   * @param range the layers
   * @param options where and how they would be loaded
   * @param use how much they would do
   * @return the estimate
   */
  public static MemoryEstimate least(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    return least(checkpoint, range, StoredWeights.bytes(checkpoint, range), options, use);
  }

  private static MemoryEstimate least(
      Checkpoint checkpoint,
      LayerRange range,
      long weightBytes,
      BackendOptions options,
      PlannedUse use) {
    return new MemoryEstimate(
        EffectivePrecision.asRequested(options.precision()),
        weightBytes,
        weightBytes,
        use.layout().positions() * cachedBytesPerToken(checkpoint, range),
        WorkingMemory.NONE,
        WorkingMemory.NONE,
        0);
  }

  private static long cachedBytesPerToken(Checkpoint checkpoint, LayerRange range) {
    return range.of(checkpoint.config()).stream()
        .map(LayerConfig::attention)
        .mapToLong(attention -> attention.cachedNumbers() * Float.BYTES)
        .sum();
  }
}
