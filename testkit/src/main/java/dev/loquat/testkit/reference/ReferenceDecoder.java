package dev.loquat.testkit.reference;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A decoder in plain loops and double precision: the model that backends are compared with. Made to
 * be read, not to be fast.
 *
 * <p>Reads all weights when created. Safe for use by several threads.
 */
public final class ReferenceDecoder implements ReferenceLogits {
  private final ModelConfig config;
  private final LayerRange range;
  private final Linear embedding;
  private final List<Layer> layers;
  private final RmsNorm finalNorm;
  private final Linear head;

  /**
   * Reads the weights.
   *
   * @param checkpoint the checkpoint; stays the caller's, who may close it afterwards
   * @throws IllegalArgumentException if the model has a part that the reference does not know
   */
  public ReferenceDecoder(Checkpoint checkpoint) {
    this(checkpoint, LayerRange.all(checkpoint.config()));
  }

  /**
   * Reads the weights of a range of layers. What lies outside of them is read, too, but not used.
   */
  ReferenceDecoder(Checkpoint checkpoint, LayerRange range) {
    WeightReader weights = new WeightReader(checkpoint);
    this.range = range;
    config = checkpoint.config();
    embedding = weights.embedding();
    layers = IntStream.range(range.first(), range.end()).mapToObj(weights::layer).toList();
    finalNorm = weights.finalNorm();
    head = weights.head();
  }

  @Override
  public double[][] of(int[] tokens) {
    SequenceCache cache = newCache();
    double[][] logits = new double[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      logits[i] = step(tokens[i], cache);
    }
    return logits;
  }

  LayerRange range() {
    return range;
  }

  int hiddenSize() {
    return config.hiddenSize();
  }

  int vocabularySize() {
    return config.vocabularySize();
  }

  SequenceCache newCache() {
    return SequenceCache.empty(layers.size());
  }

  /** Appends a token to a sequence and computes its logits, {@code [vocabulary]}. */
  double[] step(int token, SequenceCache cache) {
    double[] x = embed(token);
    run(x, cache);
    return logits(x);
  }

  /** A token's row of the embedding, {@code [hidden]}. */
  double[] embed(int token) {
    return embedding.row(token);
  }

  /** Appends a token to a sequence; changes its hidden state, {@code [hidden]}, in place. */
  void run(double[] x, SequenceCache cache) {
    for (int layer = 0; layer < layers.size(); layer++) {
      layers.get(layer).apply(x, cache.layer(layer));
    }
  }

  /** What a hidden state after the last layer becomes, {@code [vocabulary]}. */
  double[] logits(double[] x) {
    return head.apply(finalNorm.apply(x));
  }
}
