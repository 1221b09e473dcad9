package dev.loquat.benchmarks.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The choices of a greedy continuation.
 *
 * @param ids the tokens chosen
 * @param gap the lead of each over the second choice, as log-probability
 */
record GreedySteps(List<Integer> ids, List<Double> gap) {

  /** Compares tokens chosen up to the first that is too close to call. */
  void compare(List<Integer> tokens, Tolerance tolerance, Tally tally) {
    int clear = clear(tolerance);
    ExactText.compareIds(tokens.stream().limit(clear).toList(), ids.subList(0, clear), tally);
  }

  /** How many steps there are before the first that is too close to call. */
  int clear(Tolerance tolerance) {
    return IntStream.range(0, ids.size())
        .filter(step -> gap.get(step) < tolerance.gap())
        .findFirst()
        .orElse(ids.size());
  }

  /**
   * Continues a prompt until a choice differs or is too close to call.
   *
   * @return the distributions of the steps that were compared
   */
  List<LogProbs> follow(Scorer scorer, List<Integer> prompt, Tolerance tolerance, Tally tally) {
    List<LogProbs> steps = new ArrayList<>();
    for (int step = 0; step < ids.size() && gap.get(step) >= tolerance.gap(); step++) {
      LogProbs actual = step == 0 ? scorer.begin(prompt) : scorer.append(ids.get(step - 1));
      steps.add(actual);
      boolean same = actual.best() == ids.get(step);
      tally.position(same);
      if (!same) {
        tally.mismatch("step " + step + " is " + actual.best() + "; expected " + ids.get(step));
        break;
      }
    }
    return steps;
  }
}
