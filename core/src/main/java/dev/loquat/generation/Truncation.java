package dev.loquat.generation;

/**
 * Which tokens are left to draw from. The cuts apply one after the other, in the order of the
 * components.
 *
 * @param topK how many of the likeliest tokens are kept, and those as likely as the last of them; 0
 *     for all
 * @param topP keeps the fewest likeliest tokens whose probabilities reach this sum; above 0, 1 for
 *     all
 * @param minP keeps the tokens whose probability is at least this part of the likeliest token's;
 *     from 0 for all to 1
 * @param typicalP keeps the fewest tokens whose probabilities reach this sum, those first whose
 *     surprise is nearest to the expected one (Meister et al., "Locally Typical Sampling", 2022);
 *     above 0, 1 for all
 */
public record Truncation(int topK, double topP, double minP, double typicalP) {

  /** Checks the ranges. */
  public Truncation {
    if (topK < 0) {
      throw new IllegalArgumentException("topK is " + topK + "; expected 0 (all) or more");
    }
    requireMass("topP", topP);
    if (!(minP >= 0 && minP <= 1)) {
      throw new IllegalArgumentException("minP is " + minP + "; expected from 0 (all) to 1");
    }
    requireMass("typicalP", typicalP);
  }

  /**
   * All tokens.
   *
   * @return a truncation that keeps everything
   */
  public static Truncation none() {
    return new Truncation(0, 1, 0, 1);
  }

  /**
   * With another count of tokens.
   *
   * @param count the new {@link #topK}
   * @return a changed truncation
   */
  public Truncation withTopK(int count) {
    return new Truncation(count, topP, minP, typicalP);
  }

  /**
   * With another sum of probabilities.
   *
   * @param probability the new {@link #topP}
   * @return a changed truncation
   */
  public Truncation withTopP(double probability) {
    return new Truncation(topK, probability, minP, typicalP);
  }

  /**
   * With another part of the likeliest token's probability.
   *
   * @param part the new {@link #minP}
   * @return a changed truncation
   */
  public Truncation withMinP(double part) {
    return new Truncation(topK, topP, part, typicalP);
  }

  /**
   * With another sum of typical tokens' probabilities.
   *
   * @param probability the new {@link #typicalP}
   * @return a changed truncation
   */
  public Truncation withTypicalP(double probability) {
    return new Truncation(topK, topP, minP, probability);
  }

  private static void requireMass(String name, double probability) {
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          name + " is " + probability + "; expected above 0, at most 1 (all)");
    }
  }
}
