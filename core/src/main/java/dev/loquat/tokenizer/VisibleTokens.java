package dev.loquat.tokenizer;

/**
 * Which tokens show in a text: special ones don't, nor do those with no character.
 *
 * <p>The library is asked once for each token that comes. Threads share this without a lock, as
 * each would write the same.
 */
final class VisibleTokens {
  private static final byte UNKNOWN = 0;
  private static final byte VISIBLE = 1;
  private static final byte HIDDEN = 2;

  private final Tokenizer tokenizer;
  private final byte[] known;

  VisibleTokens(Tokenizer tokenizer, int vocabularySize) {
    this.tokenizer = tokenizer;
    this.known = new byte[vocabularySize];
  }

  boolean contains(int tokenId) {
    if (tokenId < 0 || tokenId >= known.length) {
      return isVisible(tokenId);
    }
    if (known[tokenId] == UNKNOWN) {
      known[tokenId] = isVisible(tokenId) ? VISIBLE : HIDDEN;
    }
    return known[tokenId] == VISIBLE;
  }

  /** Four of it: one alone may be a space that is stripped at the beginning of a text. */
  private boolean isVisible(int tokenId) {
    return !tokenizer.decode(new int[] {tokenId, tokenId, tokenId, tokenId}, true).isEmpty();
  }
}
