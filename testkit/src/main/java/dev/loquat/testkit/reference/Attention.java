package dev.loquat.testkit.reference;

import dev.loquat.checkpoint.AttentionConfig;

/** Grouped-query attention of one layer, one token at a time. */
final class Attention {
  private final AttentionConfig config;
  private final Rotary rotary;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;

  Attention(AttentionConfig config, Linear query, Linear key, Linear value, Linear output) {
    this.config = config;
    this.rotary = new Rotary(config.rotary());
    this.query = query;
    this.key = key;
    this.value = value;
    this.output = output;
  }

  /** {@code [hidden] -> [hidden]}; appends the token's key and value to the cache. */
  double[] apply(double[] x, LayerCache cache) {
    int position = cache.positions();
    double[] queries = query.apply(x); // [heads * headDim]
    double[] keys = key.apply(x); // [kvHeads * headDim]
    rotary.rotate(queries, config.headDim(), position);
    rotary.rotate(keys, config.headDim(), position);
    cache.append(keys, value.apply(x));
    double[] mixed = new double[queries.length];
    for (int head = 0; head < config.heads(); head++) {
      mix(head, queries, cache, mixed);
    }
    return output.apply(mixed);
  }

  /** Writes one head's mean of the values that it sees, weighted by attention. */
  private void mix(int head, double[] queries, LayerCache cache, double[] mixed) {
    int from = head * config.headDim();
    int kvFrom = head / (config.heads() / config.kvHeads()) * config.headDim();
    int first = firstVisible(cache.positions());
    double[] weights = weights(queries, from, cache, kvFrom, first);
    for (int i = 0; i < weights.length; i++) {
      double[] values = cache.value(first + i);
      for (int d = 0; d < config.headDim(); d++) {
        mixed[from + d] += weights[i] * values[kvFrom + d];
      }
    }
  }

  private int firstVisible(int positions) {
    boolean full = config.slidingWindow() == AttentionConfig.FULL;
    return full ? 0 : Math.max(0, positions - config.slidingWindow());
  }

  private double[] weights(double[] queries, int from, LayerCache cache, int kvFrom, int first) {
    double[] scores = new double[cache.positions() - first];
    for (int i = 0; i < scores.length; i++) {
      double[] keys = cache.key(first + i);
      for (int d = 0; d < config.headDim(); d++) {
        scores[i] += queries[from + d] * keys[kvFrom + d] * config.scale();
      }
    }
    return softmax(scores);
  }

  private static double[] softmax(double[] scores) {
    double highest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      highest = Math.max(highest, score);
    }
    double sum = 0;
    double[] shares = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      shares[i] = Math.exp(scores[i] - highest);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }
}
