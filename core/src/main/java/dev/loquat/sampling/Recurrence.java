package dev.loquat.sampling;

import dev.loquat.generation.TokenHistory;
import java.util.function.IntConsumer;

/**
 * Finds where the last tokens of a history stand in it, in time linear in its length (Knuth, Morris
 * and Pratt, "Fast pattern matching in strings", 1977).
 */
final class Recurrence {
  private final TokenHistory history;
  private final int count;

  /** For each beginning of the last tokens, the length of the longest one that it ends with. */
  private final int[] borders;

  /** The last {@code count} tokens, at most the history's length. */
  Recurrence(TokenHistory history, int count) {
    this.history = history;
    this.count = count;
    this.borders = new int[count];
    for (int i = 1; i < count; i++) {
      borders[i] = extended(borders[i - 1], last(i));
    }
  }

  /** Hands over each token that follows them. */
  void forEachFollowing(IntConsumer action) {
    int matched = 0;
    for (int i = 0; i < history.length(); i++) {
      int token = history.token(i);
      if (matched == count) {
        action.accept(token);
      }
      matched = extended(matched, token);
    }
  }

  /** How many of the last tokens match up to a token, where so many matched before it. */
  private int extended(int matched, int token) {
    int length = matched;
    while (length > 0 && (length == count || last(length) != token)) {
      length = borders[length - 1];
    }
    return length < count && last(length) == token ? length + 1 : length;
  }

  private int last(int index) {
    return history.token(history.length() - count + index);
  }
}
