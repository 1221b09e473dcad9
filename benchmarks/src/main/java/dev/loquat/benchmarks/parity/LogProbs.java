package dev.loquat.benchmarks.parity;

/** The distribution of the next token, from a row of logits. */
final class LogProbs implements Distribution {
  private final float[] logits;
  private final int best;
  private final double logSum;

  LogProbs(float[] logits) {
    this.logits = logits;
    this.best = argmax(logits);
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((double) logit - logits[best]);
    }
    this.logSum = logits[best] + Math.log(sum);
  }

  @Override
  public int best() {
    return best;
  }

  double logit(int token) {
    if (token < 0 || token >= logits.length) {
      throw new IllegalArgumentException(
          "The reference has token " + token + "; the model's vocabulary has " + logits.length);
    }
    return logits[token];
  }

  @Override
  public double of(int token) {
    return logit(token) - logSum;
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
