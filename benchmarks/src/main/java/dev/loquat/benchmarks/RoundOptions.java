package dev.loquat.benchmarks;

import picocli.CommandLine.Option;

/** The options that say how much is generated in each round, and how many there are. */
public final class RoundOptions {
  @Option(names = "--new", description = "new tokens of each; default: ${DEFAULT-VALUE}")
  private int newTokens = 64;

  @Option(names = "--batch", description = "generations side by side; default: ${DEFAULT-VALUE}")
  private int batch = 1;

  @Option(names = "--rounds", description = "rounds after the warm-up; default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  /** Creates it with the default options. */
  public RoundOptions() {}

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  void require() {
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--batch", batch);
    OneOrMore.require("--rounds", rounds);
  }

  int newTokens() {
    return newTokens;
  }

  int batch() {
    return batch;
  }

  int rounds() {
    return rounds;
  }
}
