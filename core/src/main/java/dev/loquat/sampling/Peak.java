package dev.loquat.sampling;

/** The position of the greatest logit, the first of several; the check that logits are numbers. */
final class Peak {

  private Peak() {}

  static int of(float[] logits, LogitsOrigin origin) {
    int peak = -1;
    float greatest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      // Not ">": a NaN must come in here, too, and it is not comparable to anything.
      if (!(logits[i] <= greatest)) {
        if (!Float.isFinite(logits[i])) {
          throw origin.notFinite(i, logits[i]);
        }
        greatest = logits[i];
        peak = i;
      }
    }
    if (peak < 0) {
      throw origin.noneFinite(logits.length);
    }
    return peak;
  }
}
