package dev.loquat.benchmarks.serving;

import dev.loquat.Generator;
import dev.loquat.TextStream;
import dev.loquat.generation.GenerationResult;
import java.util.ArrayList;
import java.util.List;

/**
 * What a short prompt and running texts saw of a long prompt beside them.
 *
 * @param stepSeconds the median time of a step that prefills as much as a step can
 * @param firstTokenSeconds from the short prompt's call to its first token
 * @param longPromptTokens the tokens of the long prompt
 * @param quietGaps the seconds from piece to piece of the running texts before the long prompt came
 * @param gaps the same while it was prefilled
 */
record StallRound(
    double stepSeconds,
    double firstTokenSeconds,
    int longPromptTokens,
    List<Double> quietGaps,
    List<Double> gaps) {
  private static final int QUIET_PIECES = 24;

  /**
   * Runs a round.
   *
   * @param running the texts that run, long enough to outlast it
   * @param generator gives a single token
   */
  static StallRound run(
      List<RunningStream> running,
      Generator generator,
      StepLog log,
      String longPrompt,
      String shortPrompt)
      throws InterruptedException {
    awaitAll(running, 1);
    long quiet = System.nanoTime();
    awaitAll(running, QUIET_PIECES);
    log.restart();
    long start = System.nanoTime();
    TextStream longText = generator.stream(longPrompt);
    log.awaitFullStep();
    GenerationResult shortResult = generator.generate(shortPrompt);
    int longTokens = longText.result().promptTokens();
    long end = System.nanoTime();
    return new StallRound(
        log.fullStepSeconds(),
        shortResult.timings().timeToFirstToken().orElseThrow().toNanos() / 1e9,
        longTokens,
        gaps(running, quiet, start),
        gaps(running, start, end));
  }

  double firstTokenSteps() {
    return firstTokenSeconds / stepSeconds;
  }

  private static void awaitAll(List<RunningStream> running, int pieces)
      throws InterruptedException {
    for (RunningStream text : running) {
      text.await(pieces);
    }
  }

  private static List<Double> gaps(List<RunningStream> running, long from, long to) {
    List<Double> gaps = new ArrayList<>();
    running.forEach(text -> gaps.addAll(text.gapSeconds(from, to)));
    return gaps;
  }
}
