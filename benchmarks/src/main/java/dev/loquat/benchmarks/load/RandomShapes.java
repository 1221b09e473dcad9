package dev.loquat.benchmarks.load;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Requests of random shape. The same seed gives the same requests by number, whoever makes them.
 *
 * <p>Safe for use by several threads.
 */
final class RandomShapes {
  private static final List<String> WORDS =
      List.of("model", "memory", "the", "token", "learns", "a", "cache", "of", "step", "and");
  private static final double TIMED_SHARE = 0.05;
  private static final int LONGEST_TIMEOUT_MILLIS = 500;

  private final List<Way> ways;
  private final long seed;
  private final double cancelShare;
  private final int maxPromptWords;
  private final int maxNewTokens;
  private final String sharedPrefix;

  /**
   * Creates it.
   *
   * @param ways the ways to call, each as often
   * @param seed any number
   * @param cancelShare what part is cancelled, 0 to 1
   * @param maxPromptWords the most words of a prompt behind the shared ones
   * @param maxNewTokens the greatest limit of new tokens
   * @param sharedWords the words that all prompts begin with
   */
  RandomShapes(
      List<Way> ways,
      long seed,
      double cancelShare,
      int maxPromptWords,
      int maxNewTokens,
      int sharedWords) {
    this.ways = ways;
    this.seed = seed;
    this.cancelShare = cancelShare;
    this.maxPromptWords = maxPromptWords;
    this.maxNewTokens = maxNewTokens;
    sharedPrefix = words(new SplittableRandom(seed), sharedWords);
  }

  Shape shape(int number) {
    // Random would draw nearly the same first number from neighbouring seeds.
    RandomGenerator random = new SplittableRandom(seed * 1_000_003 + number);
    return new Shape(
        ways.get(random.nextInt(ways.size())),
        sharedPrefix + words(random, 1 + random.nextInt(maxPromptWords)),
        1 + random.nextInt(maxNewTokens),
        random.nextBoolean() ? 0 : 0.8,
        random.nextLong(),
        share(random, TIMED_SHARE).map(part -> timeout(part)),
        share(random, cancelShare));
  }

  /** A number from 0 to below 1 for a share of the requests. */
  private static Optional<Double> share(RandomGenerator random, double share) {
    boolean isIn = random.nextDouble() < share;
    double part = random.nextDouble();
    return isIn ? Optional.of(part) : Optional.empty();
  }

  private static Duration timeout(double part) {
    return Duration.ofMillis(1 + (long) (part * LONGEST_TIMEOUT_MILLIS));
  }

  private static String words(RandomGenerator random, int count) {
    return random
        .ints(count, 0, WORDS.size())
        .mapToObj(word -> WORDS.get(word) + " ")
        .collect(Collectors.joining());
  }
}
