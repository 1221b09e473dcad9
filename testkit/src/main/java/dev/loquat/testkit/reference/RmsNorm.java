package dev.loquat.testkit.reference;

/** RMS norm (Zhang and Sennrich 2019): scales a vector to a root mean square of 1. */
final class RmsNorm {
  private final double[] scale;
  private final double epsilon;

  /** Takes the scale over. */
  RmsNorm(double[] scale, double epsilon) {
    this.scale = scale;
    this.epsilon = epsilon;
  }

  /** {@code [hidden] -> [hidden]}. */
  double[] apply(double[] x) {
    double squares = 0;
    for (double element : x) {
      squares += element * element;
    }
    double rms = Math.sqrt(squares / x.length + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / rms * scale[i];
    }
    return y;
  }
}
