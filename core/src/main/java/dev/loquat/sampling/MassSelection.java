package dev.loquat.sampling;

/**
 * Finds the fewest candidates, first by some order, whose probabilities reach a sum: a quickselect
 * that looks for a sum of weights instead of a rank, so that nothing is sorted.
 */
final class MassSelection {

  /** Which of two candidates, by their indices, comes first; of any two, one does. */
  interface Order {
    boolean isBefore(int index, int other);
  }

  private MassSelection() {}

  /**
   * Moves the selected candidates to the front, the last of them by the order to the end of these.
   *
   * @param mass the sum of probabilities, above 0, at most 1
   * @return how many are selected, at least 1
   */
  static int select(Candidates candidates, Order order, double mass) {
    double wanted = mass * candidates.weigh();
    // All before "from" are selected; the last to be selected lies before "to".
    int from = 0;
    int to = candidates.size();
    while (to - from > 1) {
      int pivot = partition(candidates, order, from, to);
      double before = candidates.weightOf(from, pivot);
      if (before >= wanted) {
        to = pivot;
      } else if (before + candidates.weight(pivot) >= wanted) {
        from = pivot;
        to = pivot + 1;
      } else {
        wanted -= before + candidates.weight(pivot);
        from = pivot + 1;
      }
    }
    return Math.min(from + 1, to);
  }

  /** Moves the candidates that come before the middle one there; returns where that ends up. */
  private static int partition(Candidates candidates, Order order, int from, int to) {
    int last = to - 1;
    candidates.swap((from + to) >>> 1, last);
    int pivot = from;
    for (int i = from; i < last; i++) {
      if (order.isBefore(i, last)) {
        candidates.swap(i, pivot++);
      }
    }
    candidates.swap(pivot, last);
    return pivot;
  }
}
