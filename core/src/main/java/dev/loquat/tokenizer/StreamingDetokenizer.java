package dev.loquat.tokenizer;

/**
 * Decodes the tokens of one sequence one by one. The pieces of text join to exactly what {@link
 * Tokenizer#decode} makes of all the tokens without special tokens: text that a later token could
 * still change, such as the first half of an emoji, is held back until it is certain.
 *
 * <p>The time for a token does not grow with the sequence. For one thread at a time.
 */
public interface StreamingDetokenizer {

  /**
   * Takes the next token.
   *
   * @param tokenId any id; special tokens and ids that the vocabulary does not have add nothing
   * @return the text that has become certain, maybe empty
   */
  String accept(int tokenId);

  /**
   * Ends the sequence. Calls after this one are misuse.
   *
   * @return the text held back, maybe empty
   * @throws IllegalStateException if the sequence has ended already
   */
  String finish();
}
