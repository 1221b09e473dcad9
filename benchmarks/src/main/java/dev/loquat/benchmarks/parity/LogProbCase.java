package dev.loquat.benchmarks.parity;

import dev.loquat.Generator;
import dev.loquat.TextStream;
import dev.loquat.generation.TokenLogProbs;
import java.util.ArrayList;
import java.util.List;

/**
 * A text scored at every position.
 *
 * @param ids the text's tokens
 * @param nextLogprob ln p of the text's own next token, for all positions but the last
 * @param top the most likely next tokens at every position, the best first
 */
record LogProbCase(List<Integer> ids, List<Double> nextLogprob, List<List<TokenLogProb>> top)
    implements ReferenceCase.OfModel, ReferenceCase.OfEngine {

  /** Asked of the engine: more than the files list, as the last of those may be near a tie. */
  private static final int LISTED_TOKENS = 64;

  LogProbCase {
    if (top.size() != ids.size() || nextLogprob.size() != ids.size() - 1) {
      throw new IllegalArgumentException(
          ids.size()
              + " ids, "
              + top.size()
              + " top lists, "
              + nextLogprob.size()
              + " nextLogprob");
    }
  }

  @Override
  public int length() {
    return ids.size();
  }

  @Override
  public EngineComparison begin(LoadedModel model) {
    String text = model.prompt(ids);
    Generator generator = model.generator().maxNewTokens(1).logProbs(LISTED_TOKENS);
    TextStream next = generator.stream(text);
    return (tolerance, tally) -> {
      List<TokenLogProbs> listed = new ArrayList<>(generator.score(text).tokens());
      listed.add(next.result().logProbs().get(0));
      compare(listed.stream().map(ListedLogProbs::new).toList(), tolerance, tally);
    };
  }

  @Override
  public void compare(Scorer scorer, Tolerance tolerance, Tally tally) {
    compare(scorer.score(ids), tolerance, tally);
  }

  private void compare(List<? extends Distribution> scores, Tolerance tolerance, Tally tally) {
    for (int position = 0; position < ids.size(); position++) {
      Distribution actual = scores.get(position);
      tally.position(actual.best() == top.get(position).get(0).id());
      tally.kl(actual.kl(top.get(position)));
      double difference = actual.difference(expected(position));
      tally.difference(difference);
      if (!tolerance.allows(difference)) {
        tally.mismatch("position " + position + " differs by " + difference);
      }
    }
  }

  private List<TokenLogProb> expected(int position) {
    List<TokenLogProb> all = new ArrayList<>(top.get(position));
    if (position < nextLogprob.size()) {
      all.add(new TokenLogProb(ids.get(position + 1), nextLogprob.get(position)));
    }
    return all;
  }
}
