package dev.loquat.sampling;

/**
 * Keeps the k likeliest candidates, and those as likely as the last of them: a heap of the best so
 * far with the worst of them at its root, in the candidates' own first k places.
 */
record TopK(int k) implements LogitsFilter {

  @Override
  public void apply(Candidates candidates) {
    if (k >= candidates.size()) {
      return;
    }
    for (int parent = k / 2 - 1; parent >= 0; parent--) {
      siftDown(candidates, parent);
    }
    for (int i = k; i < candidates.size(); i++) {
      if (candidates.isBetter(i, 0)) {
        candidates.swap(i, 0);
        siftDown(candidates, 0);
      }
    }
    candidates.keepFirst(withEquals(candidates));
  }

  /** Moves the candidates as likely as the root behind the heap; returns where they end. */
  private int withEquals(Candidates candidates) {
    int end = k;
    for (int i = k; i < candidates.size(); i++) {
      if (candidates.logWeight(i) == candidates.logWeight(0)) {
        candidates.swap(i, end++);
      }
    }
    return end;
  }

  private void siftDown(Candidates candidates, int start) {
    int parent = start;
    for (int child = 2 * parent + 1; child < k; child = 2 * parent + 1) {
      if (child + 1 < k && candidates.isBetter(child, child + 1)) {
        child++;
      }
      if (candidates.isBetter(child, parent)) {
        return;
      }
      candidates.swap(child, parent);
      parent = child;
    }
  }
}
