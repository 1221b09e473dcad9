package dev.loquat.benchmarks.replicas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** When pieces of text came to any caller. Safe for use by several threads. */
final class Pieces {
  private final List<Long> nanos = new ArrayList<>();

  synchronized void add(long now) {
    nanos.add(now);
  }

  /** How many there were in a second between two times. */
  synchronized double perSecond(long from, long to) {
    return nanos.stream().filter(time -> time >= from && time < to).count() * 1e9 / (to - from);
  }

  /** The longest time without one between two times. */
  synchronized double longestSilenceSeconds(long from, long to) {
    long[] times =
        nanos.stream()
            .mapToLong(Long::longValue)
            .filter(time -> time >= from && time < to)
            .toArray();
    Arrays.sort(times);
    long longest = 0;
    long last = from;
    for (long time : times) {
      longest = Math.max(longest, time - last);
      last = time;
    }
    return Math.max(longest, to - last) / 1e9;
  }
}
