package dev.loquat.sampling;

import dev.loquat.generation.TokenHistory;
import java.util.List;
import java.util.stream.Stream;

/** A history of listed tokens. */
record ListedTokens(List<Integer> tokens, int promptLength) implements TokenHistory {

  static ListedTokens of(List<Integer> prompt, List<Integer> text) {
    return new ListedTokens(Stream.of(prompt, text).flatMap(List::stream).toList(), prompt.size());
  }

  /** A prompt of one token. */
  static ListedTokens prompt() {
    return of(List.of(0), List.of());
  }

  @Override
  public int length() {
    return tokens.size();
  }

  @Override
  public int token(int index) {
    return tokens.get(index);
  }
}
