package dev.loquat.internal.scheduler;

import java.util.Arrays;
import java.util.Objects;

/**
 * The tokens of one request, prompt and new ones, and how many of them the KV cache holds.
 *
 * <p>Not thread-safe: owned by the engine thread once it was submitted.
 */
public final class Sequence {
  private static final int WAITING = -1;

  private final int promptLength;
  private int[] tokens;
  private int length;
  private int cachedLength;
  private int slot = WAITING;

  /**
   * Creates a sequence that waits for a slot.
   *
   * @param prompt the prompt's token ids, copied; at least one
   */
  public Sequence(int[] prompt) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("The prompt has no tokens; expected at least one");
    }
    promptLength = prompt.length;
    tokens = prompt.clone();
    length = prompt.length;
  }

  /**
   * All tokens so far.
   *
   * @return prompt and new tokens
   */
  public int length() {
    return length;
  }

  /**
   * The prompt's tokens.
   *
   * @return 1 or more
   */
  public int promptLength() {
    return promptLength;
  }

  /**
   * The tokens generated so far.
   *
   * @return 0 or more
   */
  public int newTokens() {
    return length - promptLength;
  }

  /**
   * One token.
   *
   * @param index from 0, the prompt's first, to below {@link #length}
   * @return its id
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public int token(int index) {
    return tokens[Objects.checkIndex(index, length)];
  }

  /**
   * The tokens that the KV cache does not hold yet.
   *
   * @return the rest of a prefill, or 1 when decoding
   */
  int pendingTokens() {
    return length - cachedLength;
  }

  boolean isDecoding() {
    return length > promptLength && pendingTokens() == 1;
  }

  boolean isWaiting() {
    return slot == WAITING;
  }

  int slot() {
    return slot;
  }

  int cachedLength() {
    return cachedLength;
  }

  int[] pending(int count) {
    return Arrays.copyOfRange(tokens, cachedLength, cachedLength + count);
  }

  void start(int newSlot) {
    slot = newSlot;
  }

  void stop() {
    slot = WAITING;
    cachedLength = 0;
  }

  void advance(int count) {
    cachedLength += count;
  }

  void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length * 2);
    }
    tokens[length++] = token;
  }
}
