package dev.loquat.constraint;

import java.util.Arrays;

/** Follows the edges of a nondeterministic automaton that consume nothing. */
final class Closure {
  private final Nfa nfa;
  private final Work work;
  private final IntList reached = new IntList();
  private final int[] seenIn;
  private int run;

  Closure(Nfa nfa, Work work) {
    this.nfa = nfa;
    this.work = work;
    this.seenIn = new int[nfa.size()];
  }

  /** Every node within reach that consumes or ends a rule, in ascending order. */
  int[] of(IntList kernel) {
    run++;
    reached.clear();
    for (int i = 0; i < kernel.size(); i++) {
      reach(kernel.get(i));
    }
    for (int i = 0; i < reached.size(); i++) {
      work.add(1);
      IntList skips = nfa.node(reached.get(i)).skips;
      if (skips != null) {
        reachAll(skips);
      }
    }
    int[] nodes = Arrays.stream(reached.toArray()).filter(this::matters).toArray();
    Arrays.sort(nodes);
    return nodes;
  }

  private void reachAll(IntList skips) {
    work.add(skips.size());
    for (int i = 0; i < skips.size(); i++) {
      reach(skips.get(i));
    }
  }

  private boolean matters(int index) {
    Nfa.Node node = nfa.node(index);
    return node.consumes() || node.isLast;
  }

  private void reach(int index) {
    if (seenIn[index] != run) {
      seenIn[index] = run;
      reached.add(index);
    }
  }
}
