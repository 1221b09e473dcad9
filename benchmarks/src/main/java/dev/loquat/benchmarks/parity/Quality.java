package dev.loquat.benchmarks.parity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.backend.Backend;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How near a loaded model's next tokens are to a reference's.
 *
 * @param positions the positions compared
 * @param meanKl the mean divergence, in nats; a lower bound, as a file lists the likeliest tokens
 *     only
 * @param top1Agreement the share of positions whose likeliest token is the reference's, 0 to 1
 */
public record Quality(int positions, double meanKl, double top1Agreement) {

  /**
   * Scores the texts of a reference, one after the other.
   *
   * @param backend the model; stays the caller's
   * @param reference a file of log-probabilities
   * @return what they came to
   * @throws IllegalArgumentException if the file can't be read or holds something else
   */
  public static Quality of(Backend backend, Path reference) {
    List<LogProbCase> cases = cases(reference);
    int longest = cases.stream().mapToInt(LogProbCase::length).max().orElseThrow();
    Tally tally = new Tally(new PrintWriter(Writer.nullWriter()));
    try (Scorer scorer = new Scorer(backend, longest)) {
      for (LogProbCase one : cases) {
        one.compare(scorer, new Tolerance(Double.POSITIVE_INFINITY, 0), tally);
      }
    }
    JsonNode sums = tally.json();
    return new Quality(
        sums.get("positions").intValue(),
        sums.get("meanKl").doubleValue(),
        sums.get("top1Agreement").doubleValue());
  }

  private static List<LogProbCase> cases(Path reference) {
    List<LogProbCase> cases = new ArrayList<>();
    for (ReferenceCase one : ReferenceFile.read(reference)) {
      if (!(one instanceof LogProbCase scored)) {
        throw new IllegalArgumentException(
            reference + " holds no log-probabilities; expected a file such as logprobs.json");
      }
      cases.add(scored);
    }
    return cases;
  }
}
