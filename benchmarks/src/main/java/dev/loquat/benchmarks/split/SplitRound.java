package dev.loquat.benchmarks.split;

import dev.loquat.Model;
import dev.loquat.generation.GenerationResult;
import java.util.List;

/**
 * One round of both models.
 *
 * @param whole the times of the whole model
 * @param split the times of the split one
 * @param sameTokens whether both gave the same tokens
 */
record SplitRound(Times whole, Times split, boolean sameTokens) {

  /**
   * The times of one model.
   *
   * @param prefillSeconds until every prompt had its first token, with no more asked for
   * @param seconds until every text had ended
   */
  record Times(double prefillSeconds, double seconds) {

    double decodeSeconds() {
      return seconds - prefillSeconds;
    }
  }

  static SplitRound run(
      Model whole, Model split, List<String> prompts, int newTokens, boolean wholeFirst) {
    Run first = Run.of(wholeFirst ? whole : split, prompts, newTokens);
    Run second = Run.of(wholeFirst ? split : whole, prompts, newTokens);
    boolean same = first.tokens().equals(second.tokens());
    return wholeFirst
        ? new SplitRound(first.times(), second.times(), same)
        : new SplitRound(second.times(), first.times(), same);
  }

  double ratio() {
    return whole.seconds() / split.seconds();
  }

  double prefillRatio() {
    return whole.prefillSeconds() / split.prefillSeconds();
  }

  double decodeRatio() {
    return whole.decodeSeconds() / split.decodeSeconds();
  }

  private record Run(Times times, List<List<Integer>> tokens) {

    static Run of(Model model, List<String> prompts, int newTokens) {
      long start = System.nanoTime();
      List<List<Integer>> unused = generate(model, prompts, 1);
      long prefilled = System.nanoTime();
      List<List<Integer>> tokens = generate(model, prompts, newTokens);
      long end = System.nanoTime();
      return new Run(new Times((prefilled - start) / 1e9, (end - prefilled) / 1e9), tokens);
    }

    private static List<List<Integer>> generate(Model model, List<String> prompts, int newTokens) {
      return model
          .generator()
          .temperature(0)
          .minNewTokens(newTokens)
          .maxNewTokens(newTokens)
          .generate(prompts)
          .stream()
          .map(GenerationResult::tokenIds)
          .toList();
    }
  }
}
