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

  /**
   * YaRN's (Peng et al. 2023): waves that turn seldom in the trained context are divided by a
   * factor, those that turn often kept, with a ramp over the dimensions between; attention is
   * sharpened.
   *
   * @param factor what long waves' frequencies are divided by, 1 or more
   * @param fastRotations waves that turn more often than this in the trained context are kept
   * @param slowRotations waves that turn less often than this are scaled whole
   * @param originalContext the context length that was trained
   * @param attentionFactor what cosines and sines are multiplied by
   */
  record Yarn(
      double factor,
      double fastRotations,
      double slowRotations,
      int originalContext,
      double attentionFactor)
      implements RotaryScaling {

    /** Checks the factors. */
    public Yarn {
      Checks.positive(factor, "factor");
      Checks.positive(fastRotations, "fastRotations");
      Checks.positive(slowRotations, "slowRotations");
      Checks.positive(originalContext, "originalContext");
      Checks.positive(attentionFactor, "attentionFactor");
      if (fastRotations < slowRotations) {
        throw new IllegalArgumentException(
            "fastRotations " + fastRotations + " is below slowRotations " + slowRotations);
      }
    }
  }
}
