package dev.loquat.generation;

import java.util.Objects;

/**
 * How a beam search looks for the likeliest texts.
 *
 * @param beams how many beginnings are followed at once, 1 or more; each takes a slot
 * @param texts how many of the best texts are wanted, 1 to {@code beams}
 * @param lengthPenalty the power of its length that a text's log-probability is divided by: above 0
 *     favors longer texts, below 0 shorter ones
 * @param earlyStopping when to stop looking
 */
public record BeamOptions(int beams, int texts, double lengthPenalty, EarlyStopping earlyStopping) {

  /** Checks the ranges. */
  public BeamOptions {
    Objects.requireNonNull(earlyStopping, "earlyStopping");
    if (beams < 1) {
      throw new IllegalArgumentException("beams is " + beams + "; expected 1 or more");
    }
    if (texts < 1 || texts > beams) {
      throw new IllegalArgumentException(
          "texts is " + texts + "; expected 1 to the number of beams, " + beams);
    }
    if (!Double.isFinite(lengthPenalty)) {
      throw new IllegalArgumentException(
          "lengthPenalty is " + lengthPenalty + "; expected a finite number");
    }
  }

  /**
   * The options that transformers has by default.
   *
   * @param beams how many beginnings are followed at once
   * @return the best text, length penalty 1, stopping at the present length
   */
  public static BeamOptions of(int beams) {
    return new BeamOptions(beams, 1, 1, EarlyStopping.AT_PRESENT_LENGTH);
  }

  /**
   * Changes how many of the best texts are wanted.
   *
   * @param count in the place of {@link #texts}
   * @return otherwise equal options
   */
  public BeamOptions withTexts(int count) {
    return new BeamOptions(beams, count, lengthPenalty, earlyStopping);
  }

  /**
   * Changes the length penalty.
   *
   * @param power in the place of {@link #lengthPenalty}
   * @return otherwise equal options
   */
  public BeamOptions withLengthPenalty(double power) {
    return new BeamOptions(beams, texts, power, earlyStopping);
  }

  /**
   * Changes when to stop looking.
   *
   * @param when in the place of {@link #earlyStopping}
   * @return otherwise equal options
   */
  public BeamOptions withEarlyStopping(EarlyStopping when) {
    return new BeamOptions(beams, texts, lengthPenalty, when);
  }
}
