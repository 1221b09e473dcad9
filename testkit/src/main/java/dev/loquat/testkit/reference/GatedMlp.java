package dev.loquat.testkit.reference;

/**
 * {@code down(silu(gate(x)) * up(x))}.
 *
 * @param gate {@code [hidden] -> [intermediate]}
 * @param up {@code [hidden] -> [intermediate]}
 * @param down {@code [intermediate] -> [hidden]}
 */
record GatedMlp(Linear gate, Linear up, Linear down) {

  /** {@code [hidden] -> [hidden]}. */
  double[] apply(double[] x) {
    double[] gated = gate.apply(x);
    double[] wide = up.apply(x);
    for (int i = 0; i < gated.length; i++) {
      gated[i] = silu(gated[i]) * wide[i];
    }
    return down.apply(gated);
  }

  private static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }
}
