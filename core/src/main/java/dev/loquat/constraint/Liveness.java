package dev.loquat.constraint;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Takes out of a grammar what leads to no end, so that every text begun can be completed. */
final class Liveness {
  private final Grammar grammar;
  private final Work work;
  private final BitSet live = new BitSet();

  private Liveness(Grammar grammar, Work work) {
    this.grammar = grammar;
    this.work = work;
  }

  /**
   * Prunes a grammar in place.
   *
   * @param names what each rule is called in messages
   */
  static Grammar prune(Grammar grammar, List<String> names, Work work) {
    Liveness liveness = new Liveness(grammar, work);
    liveness.findLive();
    if (!liveness.live.get(grammar.start(0))) {
      throw new IllegalArgumentException(
          "No finite text satisfies " + names.get(0) + "; relax its requirements");
    }
    grammar.keepOnly(liveness.live);
    return grammar;
  }

  /** States are numbered as they are found, so going backwards settles most in the first round. */
  private void findLive() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = grammar.states() - 1; state >= 0; state--) {
        if (!live.get(state) && becomesLive(state)) {
          live.set(state);
          changed = true;
        }
      }
    }
  }

  private boolean becomesLive(int state) {
    work.add(grammar.classes() + grammar.calls(state).length);
    return grammar.isEnd(state)
        || Arrays.stream(grammar.calls(state)).anyMatch(this::isLive)
        || grammar.successors(state).anyMatch(live::get);
  }

  private boolean isLive(Grammar.Call call) {
    int start = grammar.start(call.rule());
    return (grammar.isCounted(start) || live.get(start)) && live.get(call.then());
  }
}
