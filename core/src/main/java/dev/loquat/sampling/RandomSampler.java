package dev.loquat.sampling;

import dev.loquat.generation.TokenHistory;
import java.util.List;
import java.util.Optional;

/** Filters, then draws from what is left in proportion to its probabilities. */
final class RandomSampler implements Sampler {

  private final ProcessedLogits processed;
  private final List<LogitsFilter> filters;
  private final Optional<Draw> rule;
  private final SplitMix64 random;
  private final Candidates candidates = new Candidates();

  RandomSampler(
      ProcessedLogits processed,
      List<LogitsFilter> filters,
      Optional<Draw> rule,
      SplitMix64 random) {
    this.processed = processed;
    this.filters = List.copyOf(filters);
    this.rule = rule.filter(any -> processed.isUnchanged());
    this.random = random;
  }

  @Override
  public int sample(float[] logits, TokenHistory history) {
    return filter(logits, history).pick(random.nextDouble());
  }

  @Override
  public double[] probabilities(float[] logits, TokenHistory history) {
    return filter(logits, history).probabilities();
  }

  @Override
  public Optional<Draw> draw(int ahead) {
    return rule.map(draw -> draw.with(random.peek(ahead)));
  }

  @Override
  public void skip() {
    random.skip();
  }

  private Candidates filter(float[] logits, TokenHistory history) {
    candidates.reset(logits, logits[processed.peak(logits, history)]);
    filters.forEach(filter -> filter.apply(candidates));
    return candidates;
  }
}
