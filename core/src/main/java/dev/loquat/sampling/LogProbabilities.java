package dev.loquat.sampling;

import dev.loquat.generation.TokenLogProb;
import dev.loquat.generation.TokenLogProbs;
import dev.loquat.sampling.BestContinuations.Continuation;
import java.util.List;

/** The log-probabilities that a row of logits means. */
public final class LogProbabilities {

  private LogProbabilities() {}

  /**
   * Those of a token and of the likeliest.
   *
   * @param logits one for every token; overwritten by log-probabilities
   * @param token the token that stands there
   * @param top how many of the likeliest, 0 or more
   * @return both
   * @throws dev.loquat.error.BackendException if a logit is NaN or positive infinity, or none is
   *     finite
   */
  public static TokenLogProbs of(float[] logits, int token, int top) {
    LogSoftmax.inPlace(logits, logits[Peak.of(logits, LogitsOrigin.MODEL)]);
    return new TokenLogProbs(new TokenLogProb(token, logits[token]), likeliest(logits, top));
  }

  private static List<TokenLogProb> likeliest(float[] logProbs, int count) {
    if (count == 0) {
      return List.of();
    }
    BestContinuations best = new BestContinuations(count);
    best.offer(0, 0, logProbs);
    return best.sorted().stream().map(LogProbabilities::logProb).toList();
  }

  private static TokenLogProb logProb(Continuation continuation) {
    return new TokenLogProb(continuation.token(), continuation.logProbability());
  }
}
