package dev.loquat.generation;

/**
 * What speculation did for a generation.
 *
 * @param draftedTokens the tokens that were drafted and checked
 * @param acceptedTokens those of them that were right, each of which saved a step
 */
public record Speculation(int draftedTokens, int acceptedTokens) {
  /** A generation without speculation. */
  public static final Speculation NONE = new Speculation(0, 0);

  /** Checks the counts. */
  public Speculation {
    if (acceptedTokens < 0 || acceptedTokens > draftedTokens) {
      throw new IllegalArgumentException(
          "acceptedTokens is " + acceptedTokens + "; expected 0 to " + draftedTokens);
    }
  }
}
