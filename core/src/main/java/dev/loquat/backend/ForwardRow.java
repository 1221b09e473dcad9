package dev.loquat.backend;

/**
 * One sequence's part in a step: a prefill chunk of many tokens or a decode of one.
 *
 * <p>Immutable.
 */
public final class ForwardRow {
  private final int slot;
  private final int firstPosition;
  private final int[] tokens;
  private final int logitsCount;

  /**
   * Creates a row.
   *
   * @param slot the cache slot of the sequence
   * @param firstPosition the position of the first token in the sequence, from 0
   * @param tokens the token ids, copied; at least one
   * @param logitsCount how many of the last positions want logits: 0 in the middle of a prefill, 1
   *     to decode, more to score or verify
   * @throws IllegalArgumentException if a number is out of range
   */
  public ForwardRow(int slot, int firstPosition, int[] tokens, int logitsCount) {
    if (slot < 0 || firstPosition < 0) {
      throw new IllegalArgumentException(
          "slot " + slot + ", position " + firstPosition + "; expected 0 or more");
    }
    if (tokens.length == 0) {
      throw new IllegalArgumentException("The row has no tokens; expected at least one");
    }
    if (logitsCount < 0 || logitsCount > tokens.length) {
      throw new IllegalArgumentException(
          "logitsCount is " + logitsCount + "; expected 0 to " + tokens.length);
    }
    this.slot = slot;
    this.firstPosition = firstPosition;
    this.tokens = tokens.clone();
    this.logitsCount = logitsCount;
  }

  /**
   * The cache slot of the sequence.
   *
   * @return 0 or more
   */
  public int slot() {
    return slot;
  }

  /**
   * The position of the first token.
   *
   * @return 0 or more
   */
  public int firstPosition() {
    return firstPosition;
  }

  /**
   * The number of tokens.
   *
   * @return 1 or more
   */
  public int length() {
    return tokens.length;
  }

  /**
   * The position after the last token: the sequence's length after the step.
   *
   * @return 1 or more
   */
  public int endPosition() {
    return firstPosition + tokens.length;
  }

  /**
   * A token.
   *
   * @param index which one, from 0
   * @return its id
   */
  public int token(int index) {
    return tokens[index];
  }

  /**
   * How many of the last positions want logits.
   *
   * @return 0 to {@link #length}
   */
  public int logitsCount() {
    return logitsCount;
  }

  void requireFits(CacheLayout layout, int vocabularySize) {
    layout.requireSlot(slot);
    if (tokens.length > layout.contextLength() - firstPosition) {
      throw new IllegalArgumentException(
          tokens.length
              + " tokens from position "
              + firstPosition
              + " pass the context of "
              + layout.contextLength()
              + " tokens");
    }
    for (int token : tokens) {
      if (token < 0 || token >= vocabularySize) {
        throw new IllegalArgumentException(
            "token id is " + token + "; the vocabulary has " + vocabularySize);
      }
    }
  }
}
