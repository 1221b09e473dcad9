package dev.loquat.sampling;

import dev.loquat.error.BackendException;

/** The position of the greatest logit, the first of several; the check that logits are numbers. */
final class Peak {

  private Peak() {}

  static int of(float[] logits) {
    int peak = -1;
    float greatest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      // Not ">": a NaN must come in here, too, and it is not comparable to anything.
      if (!(logits[i] <= greatest)) {
        greatest = checked(logits[i], i);
        peak = i;
      }
    }
    if (peak < 0) {
      throw new BackendException(
          "None of the model's "
              + logits.length
              + " logits is finite; expected at least one. The model's numbers overflow: load it"
              + " in a wider precision, or check its weights.");
    }
    return peak;
  }

  private static float checked(float logit, int token) {
    if (Float.isNaN(logit) || logit == Float.POSITIVE_INFINITY) {
      throw new BackendException(
          "The model's logit of token "
              + token
              + " is "
              + logit
              + "; expected a number. The model's numbers overflow: load it in a wider precision,"
              + " or check its weights.");
    }
    return logit;
  }
}
