package dev.loquat.backend;

/**
 * How one token is to be drawn from a row of logits. What is likelier comes first, the lower id
 * among equals; each restriction keeps the first of what the one before has left.
 *
 * @param row which row, from 0
 * @param temperature what the logits are divided by, above 0
 * @param topK how many tokens are kept, and those as likely as the last of them; 0 for all
 * @param topP tokens are kept until their probabilities reach this, above 0, at most 1
 * @param minP tokens are kept that have at least this part of the likeliest one's probability, 0 to
 *     1
 * @param uniform from 0 to below 1: the token is drawn in whose share of the kept probabilities,
 *     laid side by side, it falls. 0 draws the likeliest
 */
public record TokenDraw(
    int row, double temperature, int topK, double topP, double minP, double uniform) {

  /** Checks the numbers. */
  public TokenDraw {
    boolean valid =
        row >= 0
            && temperature > 0
            && topK >= 0
            && topP > 0
            && topP <= 1
            && minP >= 0
            && minP <= 1
            && uniform >= 0
            && uniform < 1;
    if (!valid) {
      throw new IllegalArgumentException(
          "A draw from row "
              + row
              + " has temperature "
              + temperature
              + ", topK "
              + topK
              + ", topP "
              + topP
              + ", minP "
              + minP
              + " and uniform "
              + uniform
              + "; expected a row and a topK from 0, a temperature above 0, a topP up to 1, a minP"
              + " from 0 to 1 and a number from 0 to below 1");
    }
  }
}
