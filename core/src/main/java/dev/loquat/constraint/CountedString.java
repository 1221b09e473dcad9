package dev.loquat.constraint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A JSON string of so many characters. Its states are those of a string of any length, once for
 * each count of characters read; they are computed, not stored.
 */
final class CountedString {
  private static final Grammar ANY =
      SubsetConstruction.of(List.of(new NamedRule("a string", JsonText.string())), new Work());

  private static final int START = ANY.start(0);

  /** Between two characters. */
  private static final int INSIDE = ANY.step(START, '"');

  /** Behind the closing quote. */
  private static final int END = ANY.step(INSIDE, '"');

  /** The states of one count, rounded up to a power of two. */
  private static final int SHIFT = Integer.SIZE - Integer.numberOfLeadingZeros(ANY.states() - 1);

  private static final int MASK = (1 << SHIFT) - 1;
  private final Expr.StringOf string;
  private final int base;
  private final int counts;

  /** Creates one whose states are numbered from a number that is free, or a little behind it. */
  CountedString(Expr.StringOf string, int free) {
    this.string = string;
    this.base = (free + MASK) & ~MASK;
    this.counts = 1 + (isBounded() ? string.most() : string.least());
  }

  private boolean isBounded() {
    return string.most() != Expr.Repeat.UNBOUNDED;
  }

  /** The number behind that of its last state. */
  int end() {
    return base + (counts << SHIFT);
  }

  int start() {
    return number(string.opened() ? INSIDE : START, 0);
  }

  private int number(int place, int count) {
    return base + (count << SHIFT) + place;
  }

  private static int place(int state) {
    return state & MASK;
  }

  private int count(int state) {
    return (state - base) >> SHIFT;
  }

  static boolean isEnd(int state) {
    return place(state) == END;
  }

  /** As {@link Grammar#step}. */
  int step(int state, int value) {
    int place = place(state);
    int count = count(state);
    int next = ANY.step(place, value);
    if (next == Grammar.DEAD || (place == INSIDE && !goesOn(next, count))) {
      return Grammar.DEAD;
    }
    return number(next, next == INSIDE && place != START ? countAfter(count) : count);
  }

  /** Whether a string of so many characters may end or have one more. */
  private boolean goesOn(int next, int count) {
    return next == END ? count >= string.least() : count < string.most();
  }

  /** Behind the least number of characters of a string without bound, counts say nothing. */
  private int countAfter(int count) {
    return isBounded() ? count + 1 : Math.min(count + 1, string.least());
  }

  /**
   * A number that states of all such strings have in common if they look the same for some bytes.
   */
  int likeness(int state, int bytes) {
    int far = bytes + 1;
    int missing = Math.min(far, Math.max(0, string.least() - count(state)));
    int left = isBounded() ? Math.min(far, string.most() - count(state)) : far;
    return (place(state) * (far + 1) + missing) * (far + 1) + left;
  }

  /** The states that most of a text is in, whatever its characters. */
  IntStream usual() {
    return IntStream.range(0, ANY.states()).map(place -> number(place, string.least()));
  }

  /** The states between characters near the first and the last count. */
  IntStream ends(int bytes) {
    return IntStream.range(0, counts)
        .filter(count -> count <= bytes || counts - count <= bytes + 1)
        .map(count -> number(INSIDE, count));
  }
}
