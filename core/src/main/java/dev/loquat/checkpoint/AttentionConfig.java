package dev.loquat.checkpoint;

import java.util.Objects;

/**
 * Grouped-query attention of one layer.
 *
 * @param heads the query heads
 * @param kvHeads the key and value heads; divides {@code heads}
 * @param headDim the width of a head
 * @param scale what dot products are multiplied by, {@code 1 / sqrt(headDim)} as a rule
 * @param inputBias whether the query, key and value projections have a bias
 * @param outputBias whether the output projection has a bias
 * @param slidingWindow how many positions a token sees, itself included; {@link #FULL} for all
 * @param rotary the rotary position embedding of queries and keys
 */
public record AttentionConfig(
    int heads,
    int kvHeads,
    int headDim,
    double scale,
    boolean inputBias,
    boolean outputBias,
    int slidingWindow,
    RotaryConfig rotary) {
  /** The sliding window of a layer that sees every earlier position. */
  public static final int FULL = 0;

  /** Checks the sizes. */
  public AttentionConfig {
    Objects.requireNonNull(rotary, "rotary");
    Checks.positive(heads, "heads");
    Checks.positive(kvHeads, "kvHeads");
    Checks.positive(headDim, "headDim");
    Checks.positive(scale, "scale");
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          heads + " query heads can't share " + kvHeads + " kv heads; expected a multiple");
    }
    if (slidingWindow < 0) {
      throw new IllegalArgumentException(
          "slidingWindow is " + slidingWindow + "; expected 0 (full) or more");
    }
  }

  /**
   * The numbers of one token that a KV cache holds for the layer.
   *
   * @return keys and values of every kv head
   */
  public long cachedNumbers() {
    return 2L * kvHeads * headDim;
  }

  /**
   * The numbers that the projections of one token give: queries, keys and values.
   *
   * @return the sum over all heads
   */
  public long projectedNumbers() {
    return (heads + 2L * kvHeads) * headDim;
  }
}
