package dev.loquat.constraint;

import dev.loquat.tokenizer.TokenBytes;
import java.util.BitSet;
import java.util.Set;

/**
 * The tokens that constrained texts are made of. Made once for a model, as it sorts all tokens.
 *
 * <p>Immutable.
 */
public final class ConstraintVocabulary {
  private static final byte[] NONE = {};
  private final TokenBytes bytes;
  private final BitSet endTokens = new BitSet();
  private final TokenTable tokens;
  private final TokenTable firstTokens;

  private ConstraintVocabulary(TokenBytes bytes, int size, Set<Integer> endTokenIds) {
    this.bytes = bytes;
    endTokenIds.forEach(endTokens::set);
    tokens = TokenTable.of(bytes, size, endTokens);
    firstTokens =
        bytes.stripsLeadingSpace()
            ? TokenTable.withoutLeadingSpace(bytes, size, endTokens)
            : tokens;
  }

  /**
   * Takes a model's tokens.
   *
   * @param tokens the bytes of the tokens
   * @param size how many ids a model has logits for; ids from there on are never allowed
   * @param endTokens the tokens that end a text; they are no part of it, whatever their bytes
   * @return the vocabulary
   */
  public static ConstraintVocabulary of(TokenBytes tokens, int size, Set<Integer> endTokens) {
    return new ConstraintVocabulary(tokens, size, endTokens);
  }

  TokenTable tokens() {
    return tokens;
  }

  /** As they count at the beginning of a text. */
  TokenTable firstTokens() {
    return firstTokens;
  }

  boolean isEnd(int token) {
    return endTokens.get(token);
  }

  BitSet endTokens() {
    return endTokens;
  }

  byte[] bytes(int token, boolean atStart) {
    byte[] own = token < bytes.size() ? bytes.of(token) : NONE;
    return atStart && bytes.stripsLeadingSpace() ? TokenTable.stripSpace(own) : own;
  }
}
