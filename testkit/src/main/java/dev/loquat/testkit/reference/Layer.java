package dev.loquat.testkit.reference;

/**
 * One layer: {@code x += attention(norm(x)); x += mlp(norm(x))}.
 *
 * @param attentionNorm the norm before attention
 * @param attention the attention
 * @param mlpNorm the norm before the MLP
 * @param mlp the MLP
 */
record Layer(RmsNorm attentionNorm, Attention attention, RmsNorm mlpNorm, GatedMlp mlp) {

  /** Changes {@code x}, {@code [hidden]}, in place. */
  void apply(double[] x, LayerCache cache) {
    add(x, attention.apply(attentionNorm.apply(x), cache));
    add(x, mlp.apply(mlpNorm.apply(x)));
  }

  private static void add(double[] x, double[] change) {
    for (int i = 0; i < x.length; i++) {
      x[i] += change[i];
    }
  }
}
