package dev.loquat.benchmarks.parity;

/**
 * How close numbers have to be.
 *
 * @param difference the most that a log-probability or logit may differ
 * @param gap the least lead of a greedy step's first choice over its second, as log-probability,
 *     from which on the choice has to be the same
 */
record Tolerance(double difference, double gap) {

  boolean allows(double actualDifference) {
    return actualDifference <= difference;
  }
}
