package dev.loquat.constraint;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Takes out of a grammar what leads to no end, so that every text begun can be completed. */
final class Liveness {
  private final Grammar grammar;
  private final BitSet live = new BitSet();

  private Liveness(Grammar grammar) {
    this.grammar = grammar;
  }

  /**
   * Prunes a grammar in place.
   *
   * @param names what each rule is called in messages
   */
  static Grammar prune(Grammar grammar, List<String> names) {
    Liveness liveness = new Liveness(grammar);
    liveness.findLive();
    if (!liveness.live.get(grammar.starts()[0])) {
      throw new IllegalArgumentException(
          "No finite text satisfies " + names.get(0) + "; relax its requirements");
    }
    liveness.cut();
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
    return grammar.ends().get(state)
        || Arrays.stream(grammar.calls()[state]).anyMatch(this::isLive)
        || hasLiveSuccessor(state);
  }

  private boolean hasLiveSuccessor(int state) {
    int width = grammar.classes().count();
    for (int i = state * width; i < (state + 1) * width; i++) {
      if (grammar.next()[i] != Grammar.DEAD && live.get(grammar.next()[i])) {
        return true;
      }
    }
    return false;
  }

  private boolean isLive(Grammar.Call call) {
    return live.get(grammar.starts()[call.rule()]) && live.get(call.then());
  }

  private void cut() {
    int[] next = grammar.next();
    for (int i = 0; i < next.length; i++) {
      next[i] = next[i] != Grammar.DEAD && live.get(next[i]) ? next[i] : Grammar.DEAD;
    }
    Grammar.Call[][] calls = grammar.calls();
    for (int state = 0; state < calls.length; state++) {
      calls[state] = Arrays.stream(calls[state]).filter(this::isLive).toArray(Grammar.Call[]::new);
    }
  }
}
