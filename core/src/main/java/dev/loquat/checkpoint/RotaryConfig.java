package dev.loquat.checkpoint;

import java.util.Objects;

/**
 * Rotary position embedding (Su et al. 2021), the two halves of a head apart as Hugging Face lays
 * them out.
 *
 * @param dimension how many of a head's elements are rotated; even
 * @param theta the base of the wave lengths, above 1
 * @param scaling how wave lengths are stretched for long contexts
 */
public record RotaryConfig(int dimension, double theta, RotaryScaling scaling) {

  /** Checks the sizes. */
  public RotaryConfig {
    Objects.requireNonNull(scaling, "scaling");
    Checks.positive(dimension, "dimension");
    Checks.positive(theta, "theta");
    if (theta <= 1) {
      throw new IllegalArgumentException("theta is " + theta + "; expected more than 1");
    }
    if (dimension % 2 != 0) {
      throw new IllegalArgumentException("dimension is " + dimension + "; expected an even number");
    }
  }
}
