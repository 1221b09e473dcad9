package dev.loquat.sampling;

/**
 * The tokens that may still be chosen: parallel arrays of ids, scores and weights, of which the
 * first {@link #size} count. The scores are the caller's logits, changed in place. A weight is the
 * exponential of a score, with 1 for the greatest of all tokens. One object serves all steps of a
 * sequence.
 */
final class Candidates {

  private int[] ids = {};
  private float[] scores = {};
  private double[] weights = {};
  private int size;
  private float greatestScore;
  private boolean weighed;

  /**
   * Begins with all tokens but those of negative infinity.
   *
   * @param logits the scores, one a token
   * @param greatest the greatest of them
   */
  void reset(float[] logits, float greatest) {
    scores = logits;
    greatestScore = greatest;
    weighed = false;
    if (ids.length != logits.length) {
      ids = new int[logits.length];
      weights = new double[logits.length];
    }
    size = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > Float.NEGATIVE_INFINITY) {
        ids[size] = i;
        scores[size] = logits[i];
        size++;
      }
    }
  }

  int size() {
    return size;
  }

  int id(int index) {
    return ids[index];
  }

  double weight(int index) {
    return weights[index];
  }

  /** The distance of a score from the greatest of all tokens, at most 0: the weight's logarithm. */
  double logWeight(int index) {
    return (double) scores[index] - greatestScore;
  }

  /** Whether a candidate has the higher score, or the same and the lower id. */
  boolean isBetter(int index, int other) {
    return scores[index] > scores[other]
        || (scores[index] == scores[other] && ids[index] < ids[other]);
  }

  void swap(int index, int other) {
    int id = ids[index];
    float score = scores[index];
    double weight = weights[index];
    ids[index] = ids[other];
    scores[index] = scores[other];
    weights[index] = weights[other];
    ids[other] = id;
    scores[other] = score;
    weights[other] = weight;
  }

  void keepFirst(int count) {
    size = count;
  }

  /** Divides the distance of every score from the greatest, which becomes 0. */
  void divide(double divisor) {
    // At most the greatest number: infinity times the greatest score's distance is none.
    double scale = Math.min(1 / divisor, Double.MAX_VALUE);
    for (int i = 0; i < size; i++) {
      scores[i] = (float) (logWeight(i) * scale);
    }
    greatestScore = 0;
    weighed = false;
  }

  /**
   * Computes the weights, once for the same scores.
   *
   * @return their sum, above 0
   */
  double weigh() {
    for (int i = 0; i < size && !weighed; i++) {
      weights[i] = Exponential.of(logWeight(i));
    }
    weighed = true;
    return weightOf(0, size);
  }

  /** The sum of the weights from one index to below another. */
  double weightOf(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /** The probability of every token, 0 for those that are no candidates. */
  double[] probabilities() {
    double total = weigh();
    double[] probabilities = new double[ids.length];
    for (int i = 0; i < size; i++) {
      probabilities[ids[i]] = weights[i] / total;
    }
    return probabilities;
  }

  /**
   * Picks by weight.
   *
   * @param uniform from 0 to below 1
   * @return the id of the candidate in whose share of the sum the number falls
   */
  int pick(double uniform) {
    double rest = uniform * weigh();
    int picked = -1;
    for (int i = 0; i < size && (picked < 0 || rest >= 0); i++) {
      if (weights[i] > 0) {
        picked = ids[i];
        rest -= weights[i];
      }
    }
    return picked;
  }
}
