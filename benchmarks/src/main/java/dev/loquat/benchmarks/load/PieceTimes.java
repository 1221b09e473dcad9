package dev.loquat.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/**
 * The times of a text's pieces as its reader sees them.
 *
 * <p>Not thread-safe.
 */
final class PieceTimes {
  private final long start = System.nanoTime();
  private final List<Long> times = new ArrayList<>();

  /** Notes a piece and tells how many there are. */
  long note() {
    times.add(System.nanoTime());
    return times.size();
  }

  long pieces() {
    return times.size();
  }

  /** From the creation to the first piece: one or none. */
  List<Long> first() {
    return times.stream().limit(1).map(time -> time - start).toList();
  }

  /** From each piece to the next. */
  List<Long> gaps() {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      gaps.add(times.get(i) - times.get(i - 1));
    }
    return gaps;
  }
}
