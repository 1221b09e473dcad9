package dev.loquat.benchmarks.parity;

import dev.loquat.TextStream;
import dev.loquat.generation.GenerationResult;
import java.util.List;

/**
 * A greedy continuation.
 *
 * @param promptIds the prompt's tokens
 * @param ids the tokens chosen
 * @param logprob ln p of each
 * @param gap the lead of each over the second choice, as log-probability
 */
record GreedyCase(
    List<Integer> promptIds, List<Integer> ids, List<Double> logprob, List<Double> gap)
    implements ReferenceCase.OfModel, ReferenceCase.OfEngine {

  GreedyCase {
    if (logprob.size() != ids.size() || gap.size() != ids.size()) {
      throw new IllegalArgumentException(
          ids.size() + " ids, " + logprob.size() + " logprob, " + gap.size() + " gap");
    }
  }

  @Override
  public int length() {
    return promptIds.size() + ids.size();
  }

  @Override
  public EngineComparison begin(LoadedModel model) {
    TextStream text =
        model.speculating().maxNewTokens(ids.size()).logProbs(0).stream(model.prompt(promptIds));
    return (tolerance, tally) -> compare(text.result(), tolerance, tally);
  }

  private void compare(GenerationResult result, Tolerance tolerance, Tally tally) {
    tally.cachedTokens(result.cachedTokens());
    tally.acceptedTokens(result.speculation().acceptedTokens());
    GreedySteps steps = new GreedySteps(ids, gap);
    steps.compare(result.tokenIds(), tolerance, tally);
    for (int step = 0; step < Math.min(steps.clear(tolerance), result.newTokens()); step++) {
      compare(step, result.logProbs().get(step).actual().logProb(), tolerance, tally);
    }
  }

  private void compare(int step, double actual, Tolerance tolerance, Tally tally) {
    double difference = Math.abs(actual - logprob.get(step));
    tally.difference(difference);
    if (!tolerance.allows(difference)) {
      tally.mismatch("step " + step + " differs by " + difference);
    }
  }

  @Override
  public void compare(Scorer scorer, Tolerance tolerance, Tally tally) {
    List<LogProbs> steps = new GreedySteps(ids, gap).follow(scorer, promptIds, tolerance, tally);
    for (int step = 0; step < steps.size(); step++) {
      LogProbs actual = steps.get(step);
      List<TokenLogProb> expected = List.of(new TokenLogProb(ids.get(step), logprob.get(step)));
      double difference = actual.difference(expected);
      tally.difference(difference);
      tally.kl(actual.kl(expected));
      if (!tolerance.allows(difference)) {
        tally.mismatch("step " + step + " differs by " + difference);
      }
    }
  }
}
