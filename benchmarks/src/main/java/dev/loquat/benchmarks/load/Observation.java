package dev.loquat.benchmarks.load;

import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import java.time.Duration;
import java.util.List;

/**
 * What a caller saw of its request.
 *
 * @param ending how it ended
 * @param newTokens the tokens that it got
 * @param firstTokenNanos the times from the call to the first token: one or none
 * @param gapNanos the times from one token to the next, where they were seen
 */
record Observation(Ending ending, long newTokens, List<Long> firstTokenNanos, List<Long> gapNanos) {
  static final Observation CANCELLED = new Observation(Ending.CANCELLED, 0, List.of(), List.of());
  static final Observation FAILED = new Observation(Ending.FAILED, 0, List.of(), List.of());

  /** How a request ended; one whose time was over counts as ended. */
  enum Ending {
    ENDED,
    CANCELLED,
    FAILED
  }

  /** What a result tells, and the times between pieces if the caller saw them. */
  static Observation of(GenerationResult result, List<Long> gapNanos) {
    return new Observation(
        result.finishReason() == FinishReason.CANCELLED ? Ending.CANCELLED : Ending.ENDED,
        result.newTokens(),
        result.timings().timeToFirstToken().map(Duration::toNanos).stream().toList(),
        gapNanos);
  }
}
