package dev.loquat.benchmarks.parity;

import java.util.List;

/** What a model expects next. */
interface Distribution {
  /**
   * Probabilities in the files are rounded to six digits: less than this may be left by rounding.
   */
  double LEAST_REST = 1e-9;

  /** The most likely token. */
  int best();

  /** ln p of a token; NaN where it is not known. */
  double of(int token);

  /** The largest distance from the reference; NaN if a number here is none. */
  default double difference(List<TokenLogProb> reference) {
    double largest = 0;
    for (TokenLogProb expected : reference) {
      largest = Math.max(largest, Math.abs(of(expected.id()) - expected.logProb()));
    }
    return largest;
  }

  /** KL(reference || this) in nats, all tokens that the reference does not list taken as one. */
  default double kl(List<TokenLogProb> reference) {
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
}
