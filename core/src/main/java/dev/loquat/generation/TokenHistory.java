package dev.loquat.generation;

/**
 * The tokens of one sequence up to the one that is chosen next: the prompt's, then the new ones. A
 * view without a copy, valid during the call that it is handed to and only on that call's thread.
 */
public interface TokenHistory {

  /**
   * The number of tokens.
   *
   * @return prompt and new tokens, 1 or more
   */
  int length();

  /**
   * The number of tokens that the prompt has.
   *
   * @return 1 to {@link #length}; new tokens start at this index
   */
  int promptLength();

  /**
   * One token.
   *
   * @param index from 0, the prompt's first, to below {@link #length}
   * @return its id
   * @throws IndexOutOfBoundsException if there is no such token
   */
  int token(int index);

  /**
   * The number of tokens generated so far.
   *
   * @return 0 or more
   */
  default int newTokens() {
    return length() - promptLength();
  }
}
