package dev.loquat.generation;

/**
 * What makes a model repeat itself less.
 *
 * @param repetition what positive logits of tokens in prompt or text are divided by, and negative
 *     ones multiplied by (Keskar et al., "CTRL", 2019); as a float above 0 and finite, 1 for none
 * @param presence what is taken off the logit of every token in the text so far; from -2 to 2, 0
 *     for none
 * @param frequency what is taken off the logit of a token for each time it is in the text so far;
 *     from -2 to 2, 0 for none
 * @param noRepeatNgram the tokens in a row that must not come twice in prompt and text; 0 for any
 */
public record Penalties(double repetition, double presence, double frequency, int noRepeatNgram) {

  private static final double LARGEST = 2;

  /** Checks the ranges. */
  public Penalties {
    float applied = (float) repetition;
    if (!(applied > 0) || Float.isInfinite(applied)) {
      throw new IllegalArgumentException(
          "repetitionPenalty is "
              + repetition
              + "; expected a number that is above 0 and finite as a float, 1 for none");
    }
    requireInRange("presencePenalty", presence);
    requireInRange("frequencyPenalty", frequency);
    if (noRepeatNgram < 0) {
      throw new IllegalArgumentException(
          "noRepeatNgram is " + noRepeatNgram + "; expected 0 (any may repeat) or more");
    }
  }

  /**
   * No penalty.
   *
   * @return penalties that change nothing
   */
  public static Penalties none() {
    return new Penalties(1, 0, 0, 0);
  }

  /**
   * With another repetition penalty.
   *
   * @param penalty the new {@link #repetition}
   * @return changed penalties
   */
  public Penalties withRepetition(double penalty) {
    return new Penalties(penalty, presence, frequency, noRepeatNgram);
  }

  /**
   * With another presence penalty.
   *
   * @param penalty the new {@link #presence}
   * @return changed penalties
   */
  public Penalties withPresence(double penalty) {
    return new Penalties(repetition, penalty, frequency, noRepeatNgram);
  }

  /**
   * With another frequency penalty.
   *
   * @param penalty the new {@link #frequency}
   * @return changed penalties
   */
  public Penalties withFrequency(double penalty) {
    return new Penalties(repetition, presence, penalty, noRepeatNgram);
  }

  /**
   * With another length of what must not repeat.
   *
   * @param size the new {@link #noRepeatNgram}
   * @return changed penalties
   */
  public Penalties withNoRepeatNgram(int size) {
    return new Penalties(repetition, presence, frequency, size);
  }

  private static void requireInRange(String name, double penalty) {
    if (!(Math.abs(penalty) <= LARGEST)) {
      throw new IllegalArgumentException(
          name + " is " + penalty + "; expected from -2 to 2, 0 for none");
    }
  }
}
