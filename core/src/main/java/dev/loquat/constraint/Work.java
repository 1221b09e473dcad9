package dev.loquat.constraint;

/**
 * Counts the steps of compiling a constraint: hostile input can ask for far more of them than it
 * has characters. Each takes some nanoseconds.
 */
final class Work {
  static final int LIMIT = 1 << 25;
  private long steps;

  void add(long more) {
    steps += more;
    if (steps > LIMIT) {
      throw new IllegalArgumentException(
          "The constraint takes more than "
              + LIMIT
              + " steps to compile; use smaller counts, or fewer parts, alternatives and"
              + " repetitions that overlap");
    }
  }
}
