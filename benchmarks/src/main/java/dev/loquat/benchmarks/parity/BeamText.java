package dev.loquat.benchmarks.parity;

import dev.loquat.generation.ScoredText;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A text that a beam search returned.
 *
 * @param ids its tokens, filled up to the longest of its search with some token
 * @param score its log-probability by its length
 */
record BeamText(List<Integer> ids, double score) {

  /** Without what follows the token that ends it. */
  BeamText untilEnd(Set<Integer> endTokens) {
    int length =
        IntStream.range(0, ids.size())
            .filter(index -> endTokens.contains(ids.get(index)))
            .map(index -> index + 1)
            .findFirst()
            .orElse(ids.size());
    return new BeamText(ids.subList(0, length), score);
  }

  void compare(ScoredText actual, Tolerance tolerance, Tally tally) {
    ExactText.compareIds(actual.tokenIds(), ids, tally);
    double difference = Math.abs(actual.score() - score);
    if (actual.tokenIds().equals(ids)) {
      tally.difference(difference);
      if (!tolerance.allows(difference)) {
        tally.mismatch("score is " + actual.score() + "; expected " + score);
      }
    }
  }
}
