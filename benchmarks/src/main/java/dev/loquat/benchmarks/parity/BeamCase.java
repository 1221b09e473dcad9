package dev.loquat.benchmarks.parity;

import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.ScoredText;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A beam search and the best texts that it returned.
 *
 * @param promptIds the prompt's tokens
 * @param numBeams how many beginnings were followed at once
 * @param lengthPenalty the power of its length that a text's log-probability was divided by
 * @param maxNewTokens the most tokens of a text
 * @param sequences the texts, the best first
 */
record BeamCase(
    List<Integer> promptIds,
    int numBeams,
    double lengthPenalty,
    int maxNewTokens,
    List<BeamText> sequences)
    implements ReferenceCase.OfEngine {

  @Override
  public int length() {
    return promptIds.size() + maxNewTokens;
  }

  @Override
  public int slots() {
    return numBeams;
  }

  @Override
  public EngineComparison begin(LoadedModel model) {
    String prompt = model.prompt(promptIds);
    BeamCase expected = untilEnds(model.endTokens());
    return (tolerance, tally) ->
        expected.compare(
            model.generator().maxNewTokens(maxNewTokens).beamSearch(prompt, options()),
            tolerance,
            tally);
  }

  BeamCase untilEnds(Set<Integer> endTokens) {
    List<BeamText> ended = sequences.stream().map(text -> text.untilEnd(endTokens)).toList();
    return new BeamCase(promptIds, numBeams, lengthPenalty, maxNewTokens, ended);
  }

  void compare(List<ScoredText> found, Tolerance tolerance, Tally tally) {
    if (found.size() != sequences.size()) {
      tally.mismatch(found.size() + " texts were found; expected " + sequences.size());
      return;
    }
    for (int rank = 0; rank < found.size(); rank++) {
      sequences.get(rank).compare(found.get(place(rank, found, tolerance)), tolerance, tally);
    }
  }

  /** Where the text of a rank was found: texts that score nearly the same may swap. */
  private int place(int rank, List<ScoredText> found, Tolerance tolerance) {
    BeamText expected = sequences.get(rank);
    return IntStream.range(0, found.size())
        .filter(place -> found.get(place).tokenIds().equals(expected.ids()))
        .filter(
            place -> tolerance.allows(Math.abs(sequences.get(place).score() - expected.score())))
        .findFirst()
        .orElse(rank);
  }

  private BeamOptions options() {
    return BeamOptions.of(numBeams).withTexts(sequences.size()).withLengthPenalty(lengthPenalty);
  }
}
