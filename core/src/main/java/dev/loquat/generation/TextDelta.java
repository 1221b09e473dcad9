package dev.loquat.generation;

import java.util.Objects;

/**
 * A piece of a streamed text. All pieces of a stream join to exactly the text of its result.
 *
 * @param text the piece, never empty, of whole characters
 */
public record TextDelta(String text) {

  /** Checks for null. */
  public TextDelta {
    Objects.requireNonNull(text, "text");
  }
}
