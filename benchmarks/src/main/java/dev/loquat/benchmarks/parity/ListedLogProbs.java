package dev.loquat.benchmarks.parity;

import dev.loquat.generation.TokenLogProbs;
import java.util.stream.Stream;

/**
 * The part of a distribution that the engine tells callers.
 *
 * @param listed the token chosen and the likeliest, one or more
 */
record ListedLogProbs(TokenLogProbs listed) implements Distribution {

  @Override
  public int best() {
    return listed.top().get(0).tokenId();
  }

  @Override
  public double of(int token) {
    return Stream.concat(Stream.of(listed.actual()), listed.top().stream())
        .filter(known -> known.tokenId() == token)
        .mapToDouble(known -> known.logProb())
        .findFirst()
        .orElse(Double.NaN);
  }
}
