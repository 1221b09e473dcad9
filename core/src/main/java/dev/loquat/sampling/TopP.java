package dev.loquat.sampling;

/**
 * Keeps the fewest likeliest candidates whose probabilities reach p (Holtzman et al., "The Curious
 * Case of Neural Text Degeneration", 2019): a quickselect that looks for a sum of weights instead
 * of a rank, so that nothing is sorted. All before {@code from} are kept; the last to be kept lies
 * before {@code to}.
 */
record TopP(double p) implements LogitsFilter {

  @Override
  public void apply(Candidates candidates) {
    double wanted = p * candidates.weigh();
    int from = 0;
    int to = candidates.size();
    while (to - from > 1) {
      int pivot = partition(candidates, from, to);
      double better = candidates.weightOf(from, pivot);
      if (better >= wanted) {
        to = pivot;
      } else if (better + candidates.weight(pivot) >= wanted) {
        from = pivot;
        to = pivot + 1;
      } else {
        wanted -= better + candidates.weight(pivot);
        from = pivot + 1;
      }
    }
    candidates.keepFirst(Math.min(from + 1, to));
  }

  /** Moves the candidates better than the middle one before it; returns where it ends up. */
  private static int partition(Candidates candidates, int from, int to) {
    int last = to - 1;
    candidates.swap((from + to) >>> 1, last);
    int pivot = from;
    for (int i = from; i < last; i++) {
      if (candidates.isBetter(i, last)) {
        candidates.swap(i, pivot++);
      }
    }
    candidates.swap(pivot, last);
    return pivot;
  }
}
