package dev.loquat.checkpoint;

/** How the wave lengths of a rotary embedding are stretched for contexts longer than trained. */
public sealed interface RotaryScaling {

  /** Not at all. */
  record None() implements RotaryScaling {}

  /**
   * Every position divided by a factor.
   *
   * @param factor more than 0
   */
  record Linear(double factor) implements RotaryScaling {

    /** Checks the factor. */
    public Linear {
      Checks.positive(factor, "factor");
    }
  }

  /**
   * Llama 3.1's: long waves divided by a factor, short ones kept, a smooth change between.
   *
   * @param factor what long waves' frequencies are divided by
   * @param lowFrequencyFactor waves longer than {@code originalContext} over this are scaled whole
   * @param highFrequencyFactor waves shorter than {@code originalContext} over this are kept
   * @param originalContext the context length that was trained
   */
  record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
      implements RotaryScaling {

    /** Checks the factors. */
    public Llama3 {
      Checks.positive(factor, "factor");
      Checks.positive(lowFrequencyFactor, "lowFrequencyFactor");
      Checks.positive(highFrequencyFactor, "highFrequencyFactor");
      Checks.positive(originalContext, "originalContext");
      if (highFrequencyFactor <= lowFrequencyFactor) {
        throw new IllegalArgumentException(
            "highFrequencyFactor "
                + highFrequencyFactor
                + " is not above lowFrequencyFactor "
                + lowFrequencyFactor);
      }
    }
  }
}
