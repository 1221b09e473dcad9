package dev.loquat.sampling;

/**
 * The tokens that may still be chosen: parallel arrays of ids, scores and weights, of which the
 * first {@link #size} count. The scores are the caller's logits, changed in place. A weight is the
 * exponential of a score, with 1 for the greatest. One object serves all steps of a sequence.
 */
final class Candidates {

  private int[] ids = {};
  private float[] scores = {};
  private double[] weights = {};
  private int size;
  private float greatestScore;

  /**
   * Begins with all tokens.
   *
   * @param logits the scores, one a token
   * @param greatest the greatest of them
   */
  void reset(float[] logits, float greatest) {
    scores = logits;
    greatestScore = greatest;
    size = logits.length;
    if (ids.length != size) {
      ids = new int[size];
      weights = new double[size];
    }
    for (int i = 0; i < size; i++) {
      ids[i] = i;
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
      scores[i] = (float) (((double) scores[i] - greatestScore) * scale);
    }
    greatestScore = 0;
  }

  /**
   * Computes the weights.
   *
   * @return their sum, at least 1
   */
  double weigh() {
    for (int i = 0; i < size; i++) {
      weights[i] = Exponential.of((double) scores[i] - greatestScore);
    }
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
