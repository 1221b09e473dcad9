package dev.loquat.benchmarks.parity;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A sequence scored and continued, of a small checkpoint of some family.
 *
 * @param ids the sequence's tokens
 * @param lastLogits the logits after the last token
 * @param argmax the most likely next token at every position
 * @param logprobOfNext ln p of the sequence's own next token, for all positions but the last
 * @param greedy the tokens of the greedy continuation, past an end token too
 * @param gap the lead of each over the second choice, as log-probability
 */
record FamilyCase(
    List<Integer> ids,
    List<Double> lastLogits,
    List<Integer> argmax,
    List<Double> logprobOfNext,
    List<Integer> greedy,
    List<Double> gap)
    implements ReferenceCase.OfModel {

  FamilyCase {
    if (argmax.size() != ids.size()
        || logprobOfNext.size() != ids.size() - 1
        || gap.size() != greedy.size()) {
      throw new IllegalArgumentException(
          ids.size()
              + " ids, "
              + argmax.size()
              + " argmax, "
              + logprobOfNext.size()
              + " logprobOfNext, "
              + greedy.size()
              + " greedy, "
              + gap.size()
              + " gap");
    }
  }

  @Override
  public int length() {
    return ids.size() + greedy.size();
  }

  @Override
  public void compare(Scorer scorer, Tolerance tolerance, Tally tally) {
    List<LogProbs> scores = scorer.score(ids);
    for (int position = 0; position < ids.size(); position++) {
      LogProbs actual = scores.get(position);
      tally.position(actual.best() == argmax.get(position));
      requireChoice(position, actual, tolerance, tally);
      require(position, difference(position, actual), tolerance, tally);
    }
    tally.kl(scores.get(ids.size() - 1).kl(lastLogProbs()));
    new GreedySteps(greedy, gap).follow(scorer, ids, tolerance, tally);
  }

  // Two choices may swap places where both logits are as far off as they may be.
  private void requireChoice(int position, LogProbs actual, Tolerance tolerance, Tally tally) {
    double lead = actual.logit(actual.best()) - actual.logit(argmax.get(position));
    if (!tolerance.allows(lead / 2)) {
      tally.mismatch(
          "position " + position + " expects " + actual.best() + ", not " + argmax.get(position));
    }
  }

  private static void require(int position, double difference, Tolerance tolerance, Tally tally) {
    tally.difference(difference);
    if (!tolerance.allows(difference)) {
      tally.mismatch("position " + position + " differs by " + difference);
    }
  }

  private double difference(int position, LogProbs actual) {
    return position < logprobOfNext.size()
        ? Math.abs(actual.of(ids.get(position + 1)) - logprobOfNext.get(position))
        : IntStream.range(0, lastLogits.size())
            .mapToDouble(token -> Math.abs(actual.logit(token) - lastLogits.get(token)))
            .reduce(0, Math::max);
  }

  private List<TokenLogProb> lastLogProbs() {
    float[] logits = new float[lastLogits.size()];
    for (int token = 0; token < logits.length; token++) {
      logits[token] = lastLogits.get(token).floatValue();
    }
    LogProbs expected = new LogProbs(logits);
    return IntStream.range(0, logits.length)
        .mapToObj(token -> new TokenLogProb(token, expected.of(token)))
        .toList();
  }
}
