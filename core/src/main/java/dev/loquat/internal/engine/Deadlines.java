package dev.loquat.internal.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The generations that have a timeout, the next to be over first, so that a step need not look at
 * all that wait.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class Deadlines {
  private final TreeSet<Deadline> deadlines =
      new TreeSet<>(
          Comparator.comparingLong(Deadline::nanoTime).thenComparingLong(Deadline::number));
  private final Map<Generation, Deadline> known = new HashMap<>();
  private long added;

  private record Deadline(long nanoTime, long number, Generation generation) {}

  void add(Generation generation) {
    generation
        .submission()
        .deadline()
        .ifPresent(nanoTime -> add(new Deadline(nanoTime, added++, generation)));
  }

  /** Takes a generation out that has ended. */
  void remove(Generation generation) {
    Deadline deadline = known.remove(generation);
    if (deadline != null) {
      deadlines.remove(deadline);
    }
  }

  /** Takes out those whose time is over. */
  List<Generation> overdue() {
    List<Generation> overdue = new ArrayList<>();
    while (!deadlines.isEmpty() && deadlines.first().generation().submission().nanosLeft() <= 0) {
      Generation generation = deadlines.first().generation();
      remove(generation);
      overdue.add(generation);
    }
    return overdue;
  }

  private void add(Deadline deadline) {
    deadlines.add(deadline);
    known.put(deadline.generation(), deadline);
  }
}
