package dev.loquat.benchmarks.parity;

import java.util.List;

/** The distribution of the next token, from a row of logits. */
final class LogProbs {
  // Probabilities in the files are rounded to six digits: less than this may be left by rounding.
  private static final double LEAST_REST = 1e-9;

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

  int best() {
    return best;
  }

  double logit(int token) {
    if (token < 0 || token >= logits.length) {
      throw new IllegalArgumentException(
          "The reference has token " + token + "; the model's vocabulary has " + logits.length);
    }
    return logits[token];
  }

  /** ln p of a token. */
  double of(int token) {
    return logit(token) - logSum;
  }

  /** The largest distance from the reference; NaN if a number here is none. */
  double difference(List<TokenLogProb> reference) {
    double largest = 0;
    for (TokenLogProb expected : reference) {
      largest = Math.max(largest, Math.abs(of(expected.id()) - expected.logProb()));
    }
    return largest;
  }

  /** KL(reference || this) in nats, all tokens that the reference does not list taken as one. */
  double kl(List<TokenLogProb> reference) {
    double kl = 0;
    double referenceRest = 1;
    double rest = 1;
    for (TokenLogProb expected : reference) {
      double p = Math.exp(expected.logProb());
      double logQ = of(expected.id());
      kl += p * (expected.logProb() - logQ);
      referenceRest -= p;
      rest -= Math.exp(logQ);
    }
    double p = Math.max(LEAST_REST, referenceRest);
    return kl + p * Math.log(p / Math.max(LEAST_REST, rest));
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
