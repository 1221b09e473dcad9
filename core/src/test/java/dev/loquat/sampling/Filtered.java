package dev.loquat.sampling;

import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What options leave of logits. */
final class Filtered {

  private final Candidates candidates;
  private final int vocabularySize;

  private Filtered(Candidates candidates, int vocabularySize) {
    this.candidates = candidates;
    this.vocabularySize = vocabularySize;
  }

  static Filtered of(float[] logits, SamplingOptions options) {
    return of(logits, options, ListedTokens.prompt(), Set.of());
  }

  static Filtered of(
      float[] logits, SamplingOptions options, TokenHistory history, Set<Integer> endTokens) {
    RandomSampler sampler = (RandomSampler) Sampler.of(options, logits.length, endTokens);
    return new Filtered(sampler.filter(logits.clone(), history), logits.length);
  }

  int[] kept() {
    return IntStream.range(0, candidates.size()).map(candidates::id).sorted().toArray();
  }

  double[] probabilities() {
    double total = candidates.weigh();
    double[] probabilities = new double[vocabularySize];
    for (int i = 0; i < candidates.size(); i++) {
      probabilities[candidates.id(i)] = candidates.weight(i) / total;
    }
    return probabilities;
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
