package dev.loquat.internal.engine;

import java.util.List;

/**
 * Finds stop sequences in a text that arrives in pieces, and holds back what may be the beginning
 * of one.
 *
 * <p>Not thread-safe: one for each text.
 */
final class StopMatcher {
  private final List<String> stopSequences;
  private final boolean included;
  private final StringBuilder held = new StringBuilder();
  private boolean matched;

  /** Creates one; the text ends before the stop sequence, or with it where it is included. */
  StopMatcher(List<String> stopSequences, boolean included) {
    this.stopSequences = stopSequences;
    this.included = included;
  }

  /** Takes the next piece and returns the text that is certain to stay. */
  String accept(String piece) {
    held.append(piece);
    int stop = firstStop();
    if (stop >= 0) {
      matched = true;
      return release(included ? stop + stopLengthAt(stop) : stop);
    }
    return release(held.length() - heldLength());
  }

  /** Returns what is still held at the end of the text. */
  String finish() {
    return matched ? "" : release(held.length());
  }

  /** Whether a stop sequence came. Nothing may be accepted after it. */
  boolean isMatched() {
    return matched;
  }

  private String release(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  private int firstStop() {
    return stopSequences.stream()
        .mapToInt(held::indexOf)
        .filter(index -> index >= 0)
        .min()
        .orElse(-1);
  }

  /** The shortest stop sequence there: it was whole before the others. */
  private int stopLengthAt(int index) {
    return stopSequences.stream()
        .filter(stop -> held.indexOf(stop) == index)
        .mapToInt(String::length)
        .min()
        .orElseThrow();
  }

  private int heldLength() {
    return stopSequences.stream().mapToInt(this::overlap).max().orElse(0);
  }

  /** The longest end of the held text that begins the stop sequence. */
  private int overlap(String stop) {
    for (int length = Math.min(stop.length() - 1, held.length()); length > 0; length--) {
      if (endsWithStart(stop, length)) {
        return length;
      }
    }
    return 0;
  }

  private boolean endsWithStart(String stop, int length) {
    int start = held.length() - length;
    int same = 0;
    while (same < length && held.charAt(start + same) == stop.charAt(same)) {
      same++;
    }
    return same == length;
  }
}
