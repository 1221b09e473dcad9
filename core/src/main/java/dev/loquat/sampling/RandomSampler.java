package dev.loquat.sampling;

import java.util.List;

/** Filters, then draws from what is left in proportion to its probabilities. */
final class RandomSampler implements Sampler {

  private final List<LogitsFilter> filters;
  private final SplitMix64 random;
  private final Candidates candidates = new Candidates();

  RandomSampler(List<LogitsFilter> filters, SplitMix64 random) {
    this.filters = filters;
    this.random = random;
  }

  @Override
  public int sample(float[] logits) {
    return filter(logits).pick(random.nextDouble());
  }

  Candidates filter(float[] logits) {
    candidates.reset(logits, logits[Peak.of(logits)]);
    filters.forEach(filter -> filter.apply(candidates));
    return candidates;
  }
}
