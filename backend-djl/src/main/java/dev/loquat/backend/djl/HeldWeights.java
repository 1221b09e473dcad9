package dev.loquat.backend.djl;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;

/** The bytes of a checkpoint's weights as the program holds them. */
final class HeldWeights {
  private final Checkpoint checkpoint;
  private final ModelConfig config;
  private final LayerRange range;
  private final Lowering lowering;

  HeldWeights(Checkpoint checkpoint, LayerRange range, Lowering lowering) {
    this.checkpoint = checkpoint;
    this.range = range;
    this.config = checkpoint.config();
    this.lowering = lowering;
  }

  /** All of them. */
  long bytes() {
    return (range.isFirstStage() ? embeddingBytes() : 0) + multiplied(lowering::linearBytes);
  }

  /** What a step of one token reads. */
  long readBytes() {
    return multiplied(lowering::readBytes);
  }

  /** All but the embedding. */
  private long multiplied(MatrixBytes matrix) {
    return range.of(config).stream().mapToLong(layer -> layerBytes(layer, matrix)).sum()
        + (range.isLastStage() ? headBytes(matrix) : 0);
  }

  private long headBytes(MatrixBytes matrix) {
    return sensitiveBytes(config.vocabularySize(), config.hiddenSize(), matrix)
        + vectorBytes(config.hiddenSize());
  }

  /** The largest matrix before its kernel packs it. */
  long largestStaged() {
    boolean tokens = range.isFirstStage() || range.isLastStage();
    long head = tokens ? (long) config.vocabularySize() * config.hiddenSize() : 0;
    long widest =
        range.of(config).stream().mapToLong(layer -> gateAndUp(layer)).max().orElseThrow();
    return Math.max(head, widest) * lowering.matrices().byteSize();
  }

  private long gateAndUp(LayerConfig layer) {
    return 2L * layer.mlp().intermediateSize() * config.hiddenSize();
  }

  private long embeddingBytes() {
    TensorInfo embedding = checkpoint.weight(WeightRole.EMBEDDING).info();
    return embedding.elements() * lowering.embeddingType(embedding.type()).byteSize();
  }

  private long layerBytes(LayerConfig layer, MatrixBytes matrix) {
    long hidden = config.hiddenSize();
    long attended = (long) layer.attention().heads() * layer.attention().headDim();
    long width = layer.mlp().intermediateSize();
    return sensitiveBytes(layer.attention().projectedNumbers(), hidden, matrix)
        + linearBytes(hidden, attended, matrix)
        + linearBytes(2 * width, hidden, matrix)
        + linearBytes(hidden, width, matrix)
        + vectorBytes(2 * hidden + biases(layer));
  }

  private long sensitiveBytes(long rows, long columns, MatrixBytes matrix) {
    return matrix.of(rows, columns, lowering.kernel().sensitiveBits());
  }

  private long linearBytes(long rows, long columns, MatrixBytes matrix) {
    return matrix.of(rows, columns, lowering.kernel().bits(rows, columns));
  }

  private long biases(LayerConfig layer) {
    long input = layer.attention().inputBias() ? layer.attention().projectedNumbers() : 0;
    long output = layer.attention().outputBias() ? config.hiddenSize() : 0;
    long mlp = layer.mlp().bias() ? 2L * layer.mlp().intermediateSize() + config.hiddenSize() : 0;
    return input + output + mlp;
  }

  private long vectorBytes(long numbers) {
    return numbers * lowering.activations().byteSize();
  }

  /** The bytes of a matrix {@code [rows, columns]} whose weights have so many bits. */
  private interface MatrixBytes {
    long of(long rows, long columns, int bits);
  }
}
