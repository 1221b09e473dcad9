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
    state += GOLDEN_GAMMA;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number from 0 to below 1, each multiple of 2^-53 as likely as the others. */
  double nextDouble() {
    return (nextLong() >>> 11) * ULP;
  }
}
