package dev.loquat.constraint;

/**
 * Counts the steps of compiling a constraint: hostile input can ask for far more of them than it
 * has characters. Each takes some nanoseconds.
 */
final class Work {
  /** About a second. */
  static final int LIMIT = 1 << 25;

  private final int limit;
  private long steps;

  Work() {
    this(LIMIT);
  }

  Work(int limit) {
    this.limit = limit;
  }

  void add(long more) {
    steps += more;
    if (steps > limit) {
      throw new IllegalArgumentException(
          "The constraint takes more than "
              + limit
              + " steps to compile; use smaller counts, or fewer parts, alternatives and"
              + " repetitions that overlap");
    }
  }
}
