package dev.loquat.sampling;

/** Logits to log-probabilities. */
final class LogSoftmax {

  private LogSoftmax() {}

  /** Replaces logits, of which one is the greatest, by the logarithms of their probabilities. */
  static void inPlace(float[] logits, float greatest) {
    double sum = 0;
    for (float logit : logits) {
      sum += Exponential.of((double) logit - greatest);
    }
    double normalizer = greatest + Math.log(sum);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (logits[i] - normalizer);
    }
  }
}
