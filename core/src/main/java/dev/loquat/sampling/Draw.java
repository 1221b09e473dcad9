package dev.loquat.sampling;

import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.Truncation;
import java.util.Optional;

/**
 * A choice that a device can make by itself: it needs the logits of one row and nothing else.
 *
 * @param temperature what the logits are divided by, above 0
 * @param topK how many tokens are kept; 0 for all
 * @param topP the mass of those kept, above 0, at most 1
 * @param minP the least part of the likeliest one's probability, 0 to 1
 * @param uniform the random number, from 0 to below 1
 */
public record Draw(double temperature, int topK, double topP, double minP, double uniform) {
  /** The greatest logit, of the lowest id among equals. */
  static final Draw LIKELIEST = new Draw(1, 1, 1, 0, 0);

  /** What the options ask for, without a random number; empty if that is more than a device can. */
  static Optional<Draw> rule(SamplingOptions options) {
    Truncation cut = options.truncation();
    return cut.typicalP() < 1
        ? Optional.empty()
        : Optional.of(new Draw(options.temperature(), cut.topK(), cut.topP(), cut.minP(), 0));
  }

  /** The same with a random number. */
  Draw with(double number) {
    return new Draw(temperature, topK, topP, minP, number);
  }
}
