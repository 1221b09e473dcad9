package dev.loquat.internal.replica;

import java.util.Optional;

/**
 * The text that a reader was given, over all attempts at a call. A later attempt writes it again;
 * only what is new goes to the reader.
 *
 * <p>Not thread-safe.
 */
final class DeliveredText {
  private final StringBuilder text = new StringBuilder();
  private int position;

  /** The next attempt begins. */
  void restart() {
    position = 0;
  }

  /** Takes a piece: gives what is new of it, maybe nothing; empty if it says something else. */
  Optional<String> accept(String piece) {
    int known = Math.min(piece.length(), text.length() - position);
    boolean same = text.substring(position, position + known).equals(piece.substring(0, known));
    position += piece.length();
    text.append(piece, known, piece.length());
    return same ? Optional.of(piece.substring(known)) : Optional.empty();
  }

  /** Whether an attempt that has ended gave all that earlier ones gave. */
  boolean isComplete() {
    return position >= text.length();
  }
}
