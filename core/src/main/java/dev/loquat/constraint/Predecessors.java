package dev.loquat.constraint;

import java.util.BitSet;
import java.util.stream.IntStream;

/** Which states of a grammar lead to a state, by a byte or after a call. */
final class Predecessors {
  private final int[] firsts;
  private final int[] predecessors;

  Predecessors(Grammar grammar) {
    firsts = new int[grammar.states() + 1];
    for (int state = 0; state < grammar.states(); state++) {
      grammar.after(state).forEach(next -> firsts[next + 1]++);
    }
    for (int state = 0; state < grammar.states(); state++) {
      firsts[state + 1] += firsts[state];
    }
    predecessors = new int[firsts[grammar.states()]];
    int[] filled = firsts.clone();
    for (int state = 0; state < grammar.states(); state++) {
      int from = state;
      grammar.after(state).forEach(next -> predecessors[filled[next]++] = from);
    }
  }

  /** The states that lead to some states, in ascending order. */
  int[] of(BitSet states) {
    BitSet all = new BitSet();
    states.stream().flatMap(this::of).forEach(all::set);
    return all.stream().toArray();
  }

  private IntStream of(int state) {
    return IntStream.range(firsts[state], firsts[state + 1]).map(i -> predecessors[i]);
  }
}
