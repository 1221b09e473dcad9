package dev.loquat.sampling;

/**
 * Keeps the fewest candidates whose probabilities reach p, those first whose surprise, -ln p, is
 * nearest to the expected one, the entropy; also those as near as the last of them (Meister et al.,
 * "Locally Typical Sampling", 2022).
 */
record TypicalP(double p) implements LogitsFilter {

  @Override
  public void apply(Candidates candidates) {
    double typical = expectedLogWeight(candidates);
    int kept = MassSelection.select(candidates, byStrangeness(candidates, typical), p);
    candidates.keepFirst(withEquals(candidates, typical, kept));
  }

  /** The least strange first; strict among equals, too, since selecting is slow with ties. */
  static MassSelection.Order byStrangeness(Candidates candidates, double typical) {
    return (index, other) -> {
      int order =
          Double.compare(
              strangeness(candidates, typical, index), strangeness(candidates, typical, other));
      return order < 0 || (order == 0 && candidates.isBetter(index, other));
    };
  }

  // A surprise is the logarithm of the sum of weights less the log-weight: in the difference of a
  // surprise from the expected one, that sum is in both and goes.
  private static double expectedLogWeight(Candidates candidates) {
    double total = candidates.weigh();
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += candidates.weight(i) * candidates.logWeight(i);
    }
    return sum / total;
  }

  private static double strangeness(Candidates candidates, double typical, int index) {
    return Math.abs(candidates.logWeight(index) - typical);
  }

  /** Moves the candidates as strange as the last that is kept behind it; returns their end. */
  private static int withEquals(Candidates candidates, double typical, int kept) {
    double most = strangeness(candidates, typical, kept - 1);
    int end = kept;
    for (int i = kept; i < candidates.size(); i++) {
      if (strangeness(candidates, typical, i) == most) {
        candidates.swap(i, end++);
      }
    }
    return end;
  }
}
