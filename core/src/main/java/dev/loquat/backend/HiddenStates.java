package dev.loquat.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * What one stage of a model hands to the next: the residual stream of a step's tokens in single
 * precision, {@code [tokens, hidden]}, the tokens of all rows one after the other.
 *
 * <p>The memory belongs to whoever allocated it, lies outside the Java heap and lives as long as
 * anything refers to it. A session reads and writes it only while its {@link
 * DecoderSession#forward( ForwardBatch, HiddenStates)} runs, and keeps nothing of it. Not
 * thread-safe: handed from one thread to the next.
 */
public final class HiddenStates {
  private final ByteBuffer memory;
  private final int tokens;
  private final int size;

  private HiddenStates(ByteBuffer memory, int tokens, int size) {
    this.memory = memory;
    this.tokens = tokens;
    this.size = size;
  }

  /**
   * Allocates hidden states, all 0.
   *
   * @param tokens how many tokens, 1 or more
   * @param size the width of the residual stream, 1 or more
   * @return the hidden states
   * @throws IllegalArgumentException if a number is out of range, or all take 2 GiB or more
   */
  public static HiddenStates allocate(int tokens, int size) {
    long bytes = (long) tokens * size * Float.BYTES;
    if (tokens < 1 || size < 1 || bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          tokens + " tokens of " + size + "; expected 1 or more of each, below 2 GiB together");
    }
    ByteBuffer memory = ByteBuffer.allocateDirect((int) bytes);
    return new HiddenStates(memory, tokens, size);
  }

  /**
   * The number of tokens.
   *
   * @return 1 or more
   */
  public int tokens() {
    return tokens;
  }

  /**
   * The width of the residual stream.
   *
   * @return 1 or more
   */
  public int size() {
    return size;
  }

  /**
   * The bytes of all numbers.
   *
   * @return 4 for each number
   */
  public int byteLength() {
    return tokens * size * Float.BYTES;
  }

  /**
   * The numbers' memory: floats in the machine's byte order.
   *
   * @return a direct buffer over all of them, with a position of its own
   */
  public ByteBuffer memory() {
    return memory.slice(0, byteLength()).order(ByteOrder.nativeOrder());
  }

  /**
   * The hidden states of some neighbouring tokens, in the same memory.
   *
   * @param first the first token, from 0
   * @param count how many, 1 or more
   * @return a view
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public HiddenStates part(int first, int count) {
    Objects.checkFromIndexSize(first, count, tokens);
    int bytesPerToken = size * Float.BYTES;
    return new HiddenStates(
        memory.slice(first * bytesPerToken, count * bytesPerToken), count, size);
  }

  /**
   * Checks that these are the hidden states of a batch; backends call it before native code sees
   * the memory.
   *
   * @param batch the step
   * @param hiddenSize the width of the model's residual stream
   * @throws IllegalArgumentException if the numbers differ
   */
  public void requireFits(ForwardBatch batch, int hiddenSize) {
    if (tokens != batch.tokens() || size != hiddenSize) {
      throw new IllegalArgumentException(
          "Hidden states have shape ["
              + tokens
              + ", "
              + size
              + "]; expected ["
              + batch.tokens()
              + ", "
              + hiddenSize
              + "]");
    }
  }
}
