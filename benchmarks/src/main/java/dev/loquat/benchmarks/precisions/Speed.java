package dev.loquat.benchmarks.precisions;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.benchmarks.Median;
import dev.loquat.benchmarks.Round;
import java.util.List;
import java.util.stream.Stream;

/**
 * One sequence's tokens per second, below the engine: medians of several rounds.
 *
 * @param prefill of the prompt
 * @param decode of the tokens behind it
 */
record Speed(double prefill, double decode) {
  private static final int PROMPT = 256;
  private static final int NEW_TOKENS = 64;

  static Speed of(Backend backend, int vocabularySize, int rounds) {
    try (DecoderSession session = backend.openSession(new CacheLayout(1, PROMPT + NEW_TOKENS))) {
      round(session, vocabularySize);
      List<Round> timed =
          Stream.generate(() -> round(session, vocabularySize)).limit(rounds).toList();
      return new Speed(
          PROMPT / Median.of(timed, Round::prefillSeconds),
          NEW_TOKENS / Median.of(timed, Round::decodeSeconds));
    }
  }

  private static Round round(DecoderSession session, int vocabularySize) {
    return Round.run(session, vocabularySize, PROMPT, NEW_TOKENS);
  }
}
