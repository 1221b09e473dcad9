package dev.loquat.testkit.reference;

/** A projection: a matrix {@code [rows, columns]} and a bias {@code [rows]}. */
final class Linear {
  private final double[] weight;
  private final double[] bias;

  /** Takes both arrays over; without a bias it is all zeros. */
  Linear(double[] weight, double[] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** {@code [columns] -> [rows]}. */
  double[] apply(double[] x) {
    double[] y = bias.clone();
    for (int row = 0; row < y.length; row++) {
      for (int column = 0; column < x.length; column++) {
        y[row] += weight[row * x.length + column] * x[column];
      }
    }
    return y;
  }

  /** One row of the matrix, {@code [columns]}: what an embedding looks up. */
  double[] row(int row) {
    int columns = weight.length / bias.length;
    double[] copy = new double[columns];
    System.arraycopy(weight, row * columns, copy, 0, columns);
    return copy;
  }
}
