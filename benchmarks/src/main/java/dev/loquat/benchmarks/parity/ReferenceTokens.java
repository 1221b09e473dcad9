package dev.loquat.benchmarks.parity;

import dev.loquat.generation.TokenHistory;
import java.util.List;

/** The tokens of a reference file as a prompt without new tokens. */
record ReferenceTokens(List<Integer> tokens) implements TokenHistory {

  @Override
  public int length() {
    return tokens.size();
  }

  @Override
  public int promptLength() {
    return tokens.size();
  }

  @Override
  public int token(int index) {
    return tokens.get(index);
  }
}
