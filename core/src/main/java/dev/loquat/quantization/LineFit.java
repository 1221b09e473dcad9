package dev.loquat.quantization;

/**
 * The straight line of the least squared error through some values over their codes.
 *
 * <p>Confined to one thread.
 */
final class LineFit {
  private float[] values = {};
  private double mean;
  private double variance;
  private double slope;
  private double intercept;

  /** Takes the values. */
  void measure(float[] values, int count) {
    this.values = values;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    mean = sum / count;
    variance = squares - sum * mean;
  }

  /**
   * Fits the line.
   *
   * @param codes at least two different ones
   * @return the share of the values' variance that it leaves unexplained
   */
  double through(int[] codes, int count) {
    int sum = 0;
    int squares = 0;
    double products = 0;
    for (int i = 0; i < count; i++) {
      int code = codes[i];
      sum += code;
      squares += code * code;
      products += code * values[i];
    }
    double covariance = products - sum * mean;
    slope = covariance / (squares - (double) sum * sum / count);
    intercept = mean - slope * sum / count;
    return 1 - covariance * slope / variance;
  }

  double slope() {
    return slope;
  }

  double intercept() {
    return intercept;
  }
}
