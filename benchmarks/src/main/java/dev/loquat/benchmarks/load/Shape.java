package dev.loquat.benchmarks.load;

import dev.loquat.Generator;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one request of a load is.
 *
 * @param way how it is called
 * @param prompt the text to go on from
 * @param maxNewTokens the most new tokens
 * @param temperature 0 for greedy
 * @param seed the seed of its random numbers
 * @param timeout how long it is wanted; empty for ever
 * @param cancelPoint where it is cancelled, 0 at the beginning to below 1 at the end; empty for not
 *     at all
 */
record Shape(
    Way way,
    String prompt,
    int maxNewTokens,
    double temperature,
    long seed,
    Optional<Duration> timeout,
    Optional<Double> cancelPoint) {

  /** The generator with the options of the request. */
  Generator configure(Generator plain) {
    Generator generator =
        plain.maxNewTokens(maxNewTokens).temperature(temperature).topP(0.95).seed(seed);
    return timeout.map(generator::timeout).orElse(generator);
  }

  /** After which piece of text a reader stops; empty if it reads to the end. */
  OptionalLong lastPiece() {
    return cancelPoint.stream().mapToLong(point -> 1 + (long) (point * maxNewTokens)).findFirst();
  }
}
