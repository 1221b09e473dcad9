package dev.loquat.chat.jinja;

/** What a template may use up, far above what published ones do. */
final class Limits {

  /** Characters of a template; the longest published one has about 20,000. */
  static final int SOURCE_CHARS = 1 << 20;

  /** Steps of one rendering: an evaluated node, or a character or element made, is one. */
  static final long STEPS = 64L << 20;

  /** Characters of the rendered text. */
  static final int OUTPUT_CHARS = 8 << 20;

  /** Calls of macros and recursive loops within each other. */
  static final int CALL_DEPTH = 100;

  /** Elements of a {@code range}, as in Jinja's own sandbox. */
  static final long RANGE = 100_000;

  /** Steps for a text that is made as one of many, by what it takes of memory. */
  static final long PIECE_STEPS = 16;

  private Limits() {}
}
