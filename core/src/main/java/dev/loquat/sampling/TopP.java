package dev.loquat.sampling;

/**
 * Keeps the fewest likeliest candidates whose probabilities reach p (Holtzman et al., "The Curious
 * Case of Neural Text Degeneration", 2019), lower ids first among equals.
 */
record TopP(double p) implements LogitsFilter {

  @Override
  public void apply(Candidates candidates) {
    candidates.keepFirst(MassSelection.select(candidates, candidates::isBetter, p));
  }
}
