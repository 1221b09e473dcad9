package dev.loquat.sampling;

/**
 * SplitMix64, from Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA
 * 2014): the same numbers for the same seed on every platform and Java version.
 */
final class SplitMix64 {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double ULP = 0x1p-53;

  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  long nextLong() {
    skip();
    return mix(state);
  }

  /** A number from 0 to below 1, each multiple of 2^-53 as likely as the others. */
  double nextDouble() {
    return unit(nextLong());
  }

  /** The number that comes after so many others; takes none. */
  double peek(int others) {
    return unit(mix(state + (others + 1) * GOLDEN_GAMMA));
  }

  /** Takes a number that is not wanted. */
  void skip() {
    state += GOLDEN_GAMMA;
  }

  private static double unit(long number) {
    return (number >>> 11) * ULP;
  }

  private static long mix(long number) {
    long z = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
