package dev.loquat.internal.replica;

import dev.loquat.tokenizer.StreamingDetokenizer;
import dev.loquat.tokenizer.TokenBytes;
import dev.loquat.tokenizer.Tokenizer;

/**
 * A tokenizer that several engines share: none of them closes it.
 *
 * @param owned the tokenizer; stays the group's
 */
public record BorrowedTokenizer(Tokenizer owned) implements Tokenizer {

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    return owned.encode(text, addSpecialTokens);
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return owned.decode(ids, skipSpecialTokens);
  }

  @Override
  public int vocabularySize() {
    return owned.vocabularySize();
  }

  @Override
  public TokenBytes tokenBytes() {
    return owned.tokenBytes();
  }

  @Override
  public StreamingDetokenizer detokenizer() {
    return owned.detokenizer();
  }

  /** Leaves it open. */
  @Override
  public void close() {}
}
