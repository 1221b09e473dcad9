package dev.loquat.sampling;

/** Keeps the candidates with at least a part of the likeliest one's probability. */
record MinP(double part) implements LogitsFilter {

  @Override
  public void apply(Candidates candidates) {
    candidates.weigh();
    int kept = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.weight(i) >= part) {
        candidates.swap(i, kept++);
      }
    }
    candidates.keepFirst(kept);
  }
}
