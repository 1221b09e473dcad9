package dev.loquat.chat.jinja;

import java.time.Duration;

/** What a template may use up, far above what published ones do. */
final class Limits {

  /** Characters of a template; the longest published one has about 20,000. */
  static final int SOURCE_CHARS = 1 << 20;

  /**
   * Steps of one rendering: an evaluated node, or a character read, compared or made, is one. What
   * stays in memory takes a step for every 4 bytes or so, so that this bounds memory as well.
   */
  static final long STEPS = 64L << 20;

  /** Time of one rendering: the net below the steps, should one of them take long. */
  static final Duration TIME = Duration.ofSeconds(10);

  /** Steps between two looks at the time. */
  static final long TIMED_STEPS = 1 << 16;

  /** Characters of a text. */
  static final int TEXT_CHARS = 8 << 20;

  /** Elements of a list. */
  static final int LIST_ELEMENTS = 1 << 20;

  /** Characters of the format of a time. */
  static final int FORMAT_CHARS = 1 << 10;

  /** Calls of macros and recursive loops within each other. */
  static final int CALL_DEPTH = 100;

  /** Elements of a {@code range}, as in Jinja's own sandbox. */
  static final long RANGE = 100_000;

  /** Steps for an element of a list, by what a reference takes of memory. */
  static final long ELEMENT_STEPS = 4;

  /** Steps for a text, number, list, mapping entry or scope that is made, by what it takes. */
  static final long PIECE_STEPS = 16;

  private Limits() {}

  static void checkText(long chars) {
    if (chars > TEXT_CHARS) {
      throw new TemplateError("a text grows past " + TEXT_CHARS + " characters");
    }
  }

  static void checkList(long elements) {
    if (elements > LIST_ELEMENTS) {
      throw new TemplateError("a list grows past " + LIST_ELEMENTS + " elements");
    }
  }
}
