package dev.loquat.tokenizer;

import java.util.Arrays;

/**
 * The bytes that each token adds to a text, in UTF-8. The bytes of several tokens joined are the
 * text that {@link Tokenizer#decode} makes of them, but for one space at its beginning where {@link
 * #stripsLeadingSpace}.
 *
 * <p>Immutable.
 */
public final class TokenBytes {
  private final byte[] bytes;
  private final int[] ends;
  private final boolean stripsLeadingSpace;

  private TokenBytes(byte[] bytes, int[] ends, boolean stripsLeadingSpace) {
    this.bytes = bytes;
    this.ends = ends;
    this.stripsLeadingSpace = stripsLeadingSpace;
  }

  /**
   * Joins the bytes of all tokens.
   *
   * @param tokens the bytes of each token by its id; empty for special tokens and unused ids
   * @param stripsLeadingSpace whether a text loses one space at its beginning
   * @return the table
   */
  public static TokenBytes of(byte[][] tokens, boolean stripsLeadingSpace) {
    int[] ends = new int[tokens.length];
    int length = 0;
    for (int id = 0; id < tokens.length; id++) {
      length = Math.addExact(length, tokens[id].length);
      ends[id] = length;
    }
    byte[] all = new byte[length];
    for (int id = 0; id < tokens.length; id++) {
      System.arraycopy(tokens[id], 0, all, ends[id] - tokens[id].length, tokens[id].length);
    }
    return new TokenBytes(all, ends, stripsLeadingSpace);
  }

  /**
   * The number of ids.
   *
   * @return one more than the highest id
   */
  public int size() {
    return ends.length;
  }

  /**
   * The bytes of one token.
   *
   * @param id a token id, from 0 to below {@link #size}
   * @return a copy of its bytes; empty for a special token or an unused id
   */
  public byte[] of(int id) {
    return Arrays.copyOfRange(bytes, id == 0 ? 0 : ends[id - 1], ends[id]);
  }

  /**
   * Whether decoding takes one space off the beginning of a text, as SentencePiece's does.
   *
   * @return whether the first token's first space is no part of the text
   */
  public boolean stripsLeadingSpace() {
    return stripsLeadingSpace;
  }
}
