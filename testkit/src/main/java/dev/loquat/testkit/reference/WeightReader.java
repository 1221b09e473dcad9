package dev.loquat.testkit.reference;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import java.nio.FloatBuffer;

/**
 * Builds the reference's parts from a checkpoint's weights.
 *
 * @param checkpoint the checkpoint to read
 */
record WeightReader(Checkpoint checkpoint) {

  Layer layer(int index) {
    LayerConfig layer = checkpoint.config().layers().get(index);
    boolean bias = layer.mlp().bias();
    GatedMlp mlp =
        new GatedMlp(
            linear(WeightRole.GATE, WeightRole.GATE_BIAS, bias, index),
            linear(WeightRole.UP, WeightRole.UP_BIAS, bias, index),
            linear(WeightRole.DOWN, WeightRole.DOWN_BIAS, bias, index));
    return new Layer(
        norm(checkpoint.weight(WeightRole.ATTENTION_NORM, index)),
        attention(layer.attention(), index),
        norm(checkpoint.weight(WeightRole.MLP_NORM, index)),
        mlp);
  }

  Linear embedding() {
    return withoutBias(checkpoint.weight(WeightRole.EMBEDDING));
  }

  Linear head() {
    return withoutBias(checkpoint.weight(WeightRole.HEAD));
  }

  RmsNorm finalNorm() {
    return norm(checkpoint.weight(WeightRole.FINAL_NORM));
  }

  private Attention attention(AttentionConfig attention, int index) {
    boolean bias = attention.inputBias();
    return new Attention(
        attention,
        linear(WeightRole.QUERY, WeightRole.QUERY_BIAS, bias, index),
        linear(WeightRole.KEY, WeightRole.KEY_BIAS, bias, index),
        linear(WeightRole.VALUE, WeightRole.VALUE_BIAS, bias, index),
        linear(
            WeightRole.ATTENTION_OUTPUT,
            WeightRole.ATTENTION_OUTPUT_BIAS,
            attention.outputBias(),
            index));
  }

  private Linear linear(WeightRole weight, WeightRole bias, boolean hasBias, int index) {
    Tensor matrix = checkpoint.weight(weight, index);
    return hasBias
        ? new Linear(elements(matrix), elements(checkpoint.weight(bias, index)))
        : withoutBias(matrix);
  }

  private static Linear withoutBias(Tensor matrix) {
    int rows = Math.toIntExact(matrix.info().shape().get(0));
    return new Linear(elements(matrix), new double[rows]);
  }

  private RmsNorm norm(Tensor scale) {
    return new RmsNorm(elements(scale), checkpoint.config().normEpsilon());
  }

  private static double[] elements(Tensor tensor) {
    float[] narrow = new float[Math.toIntExact(tensor.info().elements())];
    tensor.read(0, FloatBuffer.wrap(narrow));
    double[] wide = new double[narrow.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = narrow[i];
    }
    return wide;
  }
}
