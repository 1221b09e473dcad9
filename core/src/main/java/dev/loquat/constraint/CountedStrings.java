package dev.loquat.constraint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The strings of a grammar that count their characters; their states follow the stored ones. */
final class CountedStrings {
  private final CountedString[] strings;

  /** The number behind the last state of each. */
  private final int[] ends;

  CountedStrings(List<CountedString> strings) {
    this.strings = strings.toArray(CountedString[]::new);
    this.ends = strings.stream().mapToInt(CountedString::end).toArray();
  }

  private CountedString of(int state) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (state < ends[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return strings[low];
  }

  int step(int state, int value) {
    return of(state).step(state, value);
  }

  /** As {@link CountedString#likeness}. */
  int likeness(int state, int bytes) {
    return of(state).likeness(state, bytes);
  }

  /** As {@link CountedString#usual}. */
  IntStream usual() {
    return Arrays.stream(strings).flatMapToInt(CountedString::usual);
  }

  /** As {@link CountedString#ends}. */
  IntStream ends(int bytes) {
    return Arrays.stream(strings).flatMapToInt(string -> string.ends(bytes));
  }
}
