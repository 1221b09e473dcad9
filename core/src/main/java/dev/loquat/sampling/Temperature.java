package dev.loquat.sampling;

/** Divides the scores; counted from the greatest, so that no temperature makes them overflow. */
record Temperature(double temperature) implements LogitsFilter {

  @Override
  public void apply(Candidates candidates) {
    candidates.divide(temperature);
  }
}
