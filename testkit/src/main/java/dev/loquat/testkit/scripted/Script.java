package dev.loquat.testkit.scripted;

/**
 * Says which token follows a sequence.
 *
 * <p>Must answer the same for the same tokens; is called on the thread that runs the step.
 */
@FunctionalInterface
public interface Script {

  /**
   * The token that follows.
   *
   * @param tokens the sequence so far as the slot of the cache holds it, at least one token; a copy
   * @return a token id of the vocabulary
   */
  int next(int[] tokens);

  /**
   * A script that depends on every token and its position, so that any mistake in a slot's contents
   * changes what follows.
   *
   * @param vocabularySize the model's vocabulary
   * @return the script
   */
  static Script checksum(int vocabularySize) {
    return tokens -> {
      long sum = 0;
      for (int token : tokens) {
        sum = (sum * 31 + token + 1) % 1_000_000_007L;
      }
      return (int) (sum % vocabularySize);
    };
  }

  /**
   * A script that counts: the last token's successor, then from 0 again.
   *
   * @param vocabularySize the model's vocabulary
   * @return the script
   */
  static Script counting(int vocabularySize) {
    return tokens -> (tokens[tokens.length - 1] + 1) % vocabularySize;
  }

  /**
   * A script that says the same after every prompt.
   *
   * @param promptTokens how many tokens the prompt has
   * @param answer the tokens that follow it, at least one; the last is repeated for ever
   * @return the script
   */
  static Script answer(int promptTokens, int... answer) {
    int[] copy = answer.clone();
    return tokens -> copy[Math.min(Math.max(0, tokens.length - promptTokens), copy.length - 1)];
  }
}
