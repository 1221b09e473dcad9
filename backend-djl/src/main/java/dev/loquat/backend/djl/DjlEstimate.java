package dev.loquat.backend.djl;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.WorkingMemory;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.DeviceKind;
import java.util.stream.Stream;

/**
 * What a model takes with PyTorch.
 *
 * <p>Matrices are held once, in the layout of their kernel. While loading, the largest is there as
 * it comes and packed, and pages of the checkpoint are mapped. On a processor PyTorch allocates
 * each value from the C library's heap and frees it; that keeps about what one layer computes.
 */
final class DjlEstimate {
  /** Pages of libtorch, oneDNN's generated kernels and OpenMP's stacks that come with steps. */
  private static final long CODE_BYTES = 24L << 20;

  /** A position's mask: a number, and two booleans that make it. */
  private static final int MASK_BYTES = Float.BYTES + 2;

  private final Checkpoint checkpoint;
  private final ModelConfig config;
  private final LayerRange range;
  private final boolean onHost;
  private final Lowering lowering;
  private final PlannedUse use;
  private final HeldWeights weights;

  DjlEstimate(
      Checkpoint checkpoint,
      LayerRange range,
      BackendOptions options,
      Lowering lowering,
      PlannedUse use) {
    this.checkpoint = checkpoint;
    this.config = checkpoint.config();
    this.range = range;
    this.onHost = options.device().kind() == DeviceKind.CPU;
    this.lowering = lowering;
    this.use = use;
    this.weights = new HeldWeights(checkpoint, range, lowering);
  }

  MemoryEstimate estimate() {
    return new MemoryEstimate(
        lowering.precision(),
        weights.bytes(),
        weights.readBytes(),
        use.layout().positions() * cachedTokenBytes(),
        new WorkingMemory(weights.largestStaged(), onHost ? mappedBytes() : 0),
        new WorkingMemory(activationBytes() + maskBytes() + logitsBytes(), 0),
        onHost ? CODE_BYTES : 0);
  }

  /** The files' pages leave the process layer by layer; head and embedding come before. */
  private long mappedBytes() {
    long outside =
        Stream.of(WeightRole.HEAD, WeightRole.EMBEDDING)
            .map(role -> checkpoint.weight(role).info())
            .distinct()
            .mapToLong(TensorInfo::byteLength)
            .sum();
    return outside + (checkpoint.weightBytes() - outside) / config.layers().size();
  }

  private long cachedTokenBytes() {
    return DecoderStage.cachedTokenBytes(config, range, lowering.activations());
  }

  private long activationBytes() {
    long widest = range.of(config).stream().mapToLong(this::numbersPerToken).max().orElseThrow();
    long tokens = Math.max(use.stepTokens(), use.layout().slots());
    return tokens * widest * lowering.activations().byteSize();
  }

  /**
   * The hidden state, two norms of it and two products that are added to it; queries, keys and
   * values, and what is turned of them once more; what attention gives, by sequence and joined;
   * gate and up, and one as wide as either.
   */
  private long numbersPerToken(LayerConfig layer) {
    int headDim = layer.attention().headDim();
    long attended = (long) layer.attention().heads() * headDim;
    long turned = attended + (long) layer.attention().kvHeads() * headDim;
    return 5L * config.hiddenSize()
        + layer.attention().projectedNumbers()
        + turned
        + 2 * attended
        + 3L * layer.mlp().intermediateSize();
  }

  private long maskBytes() {
    return (long) Math.min(use.stepTokens(), use.layout().contextLength())
        * use.layout().contextLength()
        * MASK_BYTES;
  }

  /** As computed and as handed out. */
  private long logitsBytes() {
    return !range.isLastStage()
        ? 0
        : 2L * use.layout().slots() * config.vocabularySize() * Float.BYTES;
  }
}
