package dev.loquat.constraint;

import dev.loquat.tokenizer.TokenBytes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The tokens that add text, ordered by their bytes, so that those with a common beginning stand
 * together and the beginning is read once.
 */
final class TokenTable {
  private final int[] ids;
  private final byte[][] bytes;
  private final int[] shared;
  private final int longest;
  private final int vocabularySize;

  private TokenTable(int[] ids, byte[][] byId, int vocabularySize) {
    this.ids = ids;
    this.bytes = Arrays.stream(ids).mapToObj(id -> byId[id]).toArray(byte[][]::new);
    this.shared = new int[ids.length];
    for (int i = 1; i < ids.length; i++) {
      shared[i] = common(bytes[i - 1], bytes[i]);
    }
    this.longest = Arrays.stream(bytes).mapToInt(b -> b.length).max().orElse(0);
    this.vocabularySize = vocabularySize;
  }

  /** Without the excluded tokens and those from the vocabulary size on. */
  static TokenTable of(TokenBytes tokens, int vocabularySize, BitSet excluded) {
    return new TokenTable(vocabularySize, excluded, bytes(tokens, vocabularySize));
  }

  /** As they count at the beginning of a text that loses its first space. */
  static TokenTable withoutLeadingSpace(TokenBytes tokens, int vocabularySize, BitSet excluded) {
    byte[][] bytes = bytes(tokens, vocabularySize);
    for (int id = 0; id < bytes.length; id++) {
      bytes[id] = stripSpace(bytes[id]);
    }
    return new TokenTable(vocabularySize, excluded, bytes);
  }

  private TokenTable(int vocabularySize, BitSet excluded, byte[][] byId) {
    this(sorted(byId, excluded), byId, vocabularySize);
  }

  static byte[] stripSpace(byte[] token) {
    return token.length > 0 && token[0] == ' ' ? Arrays.copyOfRange(token, 1, token.length) : token;
  }

  private static byte[][] bytes(TokenBytes tokens, int vocabularySize) {
    return IntStream.range(0, Math.min(tokens.size(), vocabularySize))
        .mapToObj(tokens::of)
        .toArray(byte[][]::new);
  }

  private static int[] sorted(byte[][] byId, BitSet excluded) {
    return IntStream.range(0, byId.length)
        .filter(id -> byId[id].length > 0 && !excluded.get(id))
        .boxed()
        .sorted((a, b) -> Arrays.compareUnsigned(byId[a], byId[b]))
        .mapToInt(id -> id)
        .toArray();
  }

  static int common(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  int size() {
    return ids.length;
  }

  int id(int index) {
    return ids[index];
  }

  byte[] bytes(int index) {
    return bytes[index];
  }

  /** How many first bytes a token has in common with the one before. */
  int shared(int index) {
    return shared[index];
  }

  int longest() {
    return longest;
  }

  /** An empty set of tokens, one bit an id. */
  long[] emptyMask() {
    return new long[(vocabularySize + Long.SIZE - 1) / Long.SIZE];
  }
}
