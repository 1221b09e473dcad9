package dev.loquat.sampling;

import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What options leave of logits. */
final class Filtered {

  private Filtered() {}

  static double[] probabilities(float[] logits, SamplingOptions options, TokenHistory history) {
    return Sampler.of(options, logits.length, Set.of()).probabilities(logits.clone(), history);
  }

  /** The tokens that may still be chosen. */
  static int[] kept(float[] logits, SamplingOptions options) {
    double[] probabilities = probabilities(logits, options, ListedTokens.prompt());
    return IntStream.range(0, logits.length).filter(i -> probabilities[i] > 0).toArray();
  }

  /** Logits as models have them. */
  static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] logits = new float[count];
    for (int i = 0; i < count; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }
}
