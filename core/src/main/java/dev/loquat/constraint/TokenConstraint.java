package dev.loquat.constraint;

import dev.loquat.tokenizer.TokenBytes;
import java.util.BitSet;
import java.util.Set;

/**
 * A constraint over the tokens of one vocabulary. Keeps the masks that it has computed, so that
 * texts under the same constraint share them.
 *
 * <p>Safe for use by several threads.
 */
public final class TokenConstraint {
  private final Grammar grammar;
  private final TokenBytes bytes;
  private final BitSet endTokens;
  private final TokenMasks masks;
  private final TokenMasks firstMasks;

  TokenConstraint(Grammar grammar, TokenBytes bytes, int vocabularySize, Set<Integer> endTokenIds) {
    this.grammar = grammar;
    this.bytes = bytes;
    this.endTokens = new BitSet();
    endTokenIds.forEach(endTokens::set);
    this.masks = new TokenMasks(grammar, TokenTable.of(bytes, vocabularySize, endTokens));
    this.firstMasks =
        bytes.stripsLeadingSpace()
            ? new TokenMasks(
                grammar, TokenTable.withoutLeadingSpace(bytes, vocabularySize, endTokens))
            : masks;
  }

  /**
   * Begins a text.
   *
   * @return the state before its first token
   */
  public ConstraintState start() {
    return new ConstraintState(this, Configuration.start(grammar));
  }

  long[] allowed(Configuration configuration, boolean atStart) {
    return (atStart ? firstMasks : masks).allowed(configuration);
  }

  boolean isEnd(int token) {
    return endTokens.get(token);
  }

  BitSet endTokens() {
    return endTokens;
  }

  byte[] bytes(int token, boolean atStart) {
    byte[] own = token < bytes.size() ? bytes.of(token) : new byte[0];
    return atStart && bytes.stripsLeadingSpace() ? TokenTable.stripSpace(own) : own;
  }
}
