package dev.loquat.benchmarks.parity;

import java.util.Arrays;
import java.util.List;

/** Comparison of texts and token ids, which have no tolerance. */
final class ExactText {

  private ExactText() {}

  static void compare(String what, String actual, String expected, Tally tally) {
    if (!actual.equals(expected)) {
      tally.mismatch(what + " is '" + actual + "'; expected '" + expected + "'");
    }
  }

  static void compareIds(int[] actual, List<Integer> expected, Tally tally) {
    compareIds(Arrays.stream(actual).boxed().toList(), expected, tally);
  }

  static void compareIds(List<Integer> actual, List<Integer> expected, Tally tally) {
    for (int i = 0; i < expected.size(); i++) {
      tally.position(i < actual.size() && actual.get(i).equals(expected.get(i)));
    }
    if (!actual.equals(expected)) {
      tally.mismatch("ids are " + actual + "; expected " + expected);
    }
  }
}
