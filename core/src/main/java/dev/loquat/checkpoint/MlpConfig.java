package dev.loquat.checkpoint;

/**
 * The gated MLP of one layer: {@code down(silu(gate(x)) * up(x))}.
 *
 * @param intermediateSize the width between the projections
 * @param bias whether the three projections have a bias
 */
public record MlpConfig(int intermediateSize, boolean bias) {

  /** Checks the size. */
  public MlpConfig {
    Checks.positive(intermediateSize, "intermediateSize");
  }
}
