package dev.loquat.testkit.reference;

import dev.loquat.checkpoint.Checkpoint;
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
    WeightReader weights = new WeightReader(checkpoint);
    config = checkpoint.config();
    embedding = weights.embedding();
    layers = IntStream.range(0, config.layers().size()).mapToObj(weights::layer).toList();
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

  int vocabularySize() {
    return config.vocabularySize();
  }

  SequenceCache newCache() {
    return SequenceCache.empty(layers.size());
  }

  /** Appends a token to a sequence and computes its logits, {@code [vocabulary]}. */
  double[] step(int token, SequenceCache cache) {
    double[] x = embedding.row(token); // [hidden]
    for (int layer = 0; layer < layers.size(); layer++) {
      layers.get(layer).apply(x, cache.layer(layer));
    }
    return head.apply(finalNorm.apply(x));
  }
}
