package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.WorkingMemory;
import dev.loquat.backend.onnx.binding.KvCache;
import dev.loquat.backend.onnx.binding.RunPlanner;
import dev.loquat.backend.onnx.graph.DrawGraph;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.DeviceKind;

/**
 * What a model takes with ONNX Runtime.
 *
 * <p>On a processor each matrix is held once, packed; the embedding stays in its mapped file, whose
 * pages are in the process when steps have read them. While loading, the largest matrix is there
 * converted and packed. Memory for activations comes from the runtime's arena, which keeps what the
 * widest run took: every value that a layer computes, for a run's tokens.
 *
 * <p>On a device pages are there as soon as memory is allocated, and its allocator keeps what is
 * given back until the next run, so that a cache that grows has old and new at once. Tokens are
 * drawn there.
 */
final class OnnxEstimate {
  /** Pages of the runtime's library that loading and running touch first: 8 MiB were measured. */
  private static final long CODE_BYTES = 8L << 20;

  private final Checkpoint checkpoint;
  private final ModelConfig config;
  private final LayerRange range;
  private final BackendOptions options;
  private final PlannedUse use;
  private final HeldWeights weights;

  OnnxEstimate(Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    this.checkpoint = checkpoint;
    this.range = range;
    this.config = checkpoint.config();
    this.options = options;
    this.use = use;
    this.weights = new HeldWeights(checkpoint, range, options.device(), options.precision());
  }

  MemoryEstimate estimate() {
    return new MemoryEstimate(
        Precisions.effective(checkpoint, options),
        isOnDisk() ? 0 : weights.bytes(),
        weights.readBytes(),
        use.layout().positions() * cachedNumbers() * cachedNumberBytes(),
        loading(),
        new WorkingMemory(
            activationBytes()
                + logitsBytes()
                + drawBytes()
                + rotaryBytes()
                + movedBytes()
                + pagesInUse(),
            mappedBytes()),
        isOnHost() ? CODE_BYTES : 0);
  }

  /** Pages that checking and rounding weights bring in have gone before the runtime loads them. */
  private WorkingMemory loading() {
    if (isOnDisk()) {
      return new WorkingMemory(0, mappedBytes());
    }
    long rounded = weights.roundedBytes();
    return new WorkingMemory(
        weights.largest() + (RoundedWeights.fit(options.conversionCache(), rounded) ? 0 : rounded),
        mappedBytes());
  }

  private boolean isOnHost() {
    return options.device().physical().kind() == DeviceKind.CPU;
  }

  private boolean isOnDisk() {
    return options.device().kind() == DeviceKind.DISK;
  }

  /**
   * The pages of the matrix that is being multiplied, without which no step of a disk's computes.
   */
  private long pagesInUse() {
    return isOnDisk() ? weights.largest() : 0;
  }

  private int numberBytes() {
    return Precisions.format(options.device(), options.precision()).compute().byteSize();
  }

  /** The embedding, which stays in its file, and all weights of a disk's layers. */
  private long mappedBytes() {
    return embeddingBytes() + (isOnDisk() ? weights.bytes() : 0);
  }

  private long embeddingBytes() {
    return isOnHost() && range.isFirstStage()
        ? checkpoint.weight(WeightRole.EMBEDDING).info().byteLength()
        : 0;
  }

  private int cachedNumberBytes() {
    return Precisions.format(options).cache().byteSize();
  }

  /** What the cache was before it grew last: a device's allocator keeps that until the next run. */
  private long movedBytes() {
    if (isOnHost()) {
      return 0;
    }
    long slots = use.layout().slots();
    int before = KvCache.capacityBefore(use.layout().contextLength());
    return slots * before * cachedNumbers() * cachedNumberBytes();
  }

  private long cachedNumbers() {
    return range.of(config).stream().mapToLong(layer -> layer.attention().cachedNumbers()).sum();
  }

  private long activationBytes() {
    long tokens = Math.min(use.stepTokens(), RunPlanner.MAX_TOKENS);
    long widest = range.of(config).stream().mapToLong(this::numbersPerToken).max().orElseThrow();
    return Math.max(tokens, use.layout().slots()) * widest * numberBytes();
  }

  /**
   * Two norms, two sums; queries, keys and values, what attention makes of them and its output;
   * gate, up, their product and silu.
   */
  private long numbersPerToken(LayerConfig layer) {
    long attended = (long) layer.attention().heads() * layer.attention().headDim();
    return 4L * config.hiddenSize()
        + layer.attention().projectedNumbers()
        + attended
        + 4L * layer.mlp().intermediateSize();
  }

  private long logitsBytes() {
    long rows = range.isLastStage() ? use.layout().slots() : 0;
    return rows * config.vocabularySize() * Float.BYTES;
  }

  /** What drawing a token for each slot takes, where the device does that. */
  private long drawBytes() {
    return isOnHost() ? 0 : logitsBytes() / Float.BYTES * DrawGraph.WORKING_BYTES;
  }

  /** Cosines and sines, each of half a head for each position. */
  private long rotaryBytes() {
    long numbers =
        range.of(config).stream()
            .map(layer -> layer.attention().rotary())
            .distinct()
            .mapToLong(RotaryConfig::dimension)
            .sum();
    return use.layout().contextLength()
        * numbers
        * Precisions.format(options).attention().byteSize();
  }
}
