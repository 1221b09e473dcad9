package dev.loquat.generation;

import java.util.List;

/**
 * How likely a model finds a text.
 *
 * @param tokens one for every token of the text but the first, which nothing comes before
 */
public record TextScore(List<TokenLogProbs> tokens) {

  /** Copies the list. */
  public TextScore {
    tokens = List.copyOf(tokens);
  }

  /**
   * The logarithm of the text's probability, given its first token.
   *
   * @return the sum over the tokens, at most 0
   */
  public double logProb() {
    return tokens.stream().mapToDouble(token -> token.actual().logProb()).sum();
  }

  /**
   * The perplexity: how many equally likely tokens the model hesitates between, on average.
   *
   * @return 1 or more; 1 for a text of one token
   */
  public double perplexity() {
    return tokens.isEmpty() ? 1 : Math.exp(-logProb() / tokens.size());
  }
}
