package dev.loquat.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Who calls the rules of a grammar, and which bytes can come after what a rule matches. */
final class Callers {
  private static final int BYTES = 256;
  private final Grammar grammar;
  private final int[] ruleOf;
  private final @Nullable BitSet[] firsts;
  private final BitSet[] follows;
  private final BitSet called = new BitSet();

  /** Of all counted strings together, so that they share masks. */
  private final BitSet afterStrings = new BitSet(BYTES);

  Callers(Grammar grammar) {
    this.grammar = grammar;
    this.ruleOf = new int[grammar.states()];
    this.firsts = new @Nullable BitSet[grammar.rules()];
    this.follows = new BitSet[grammar.rules()];
    for (int rule = 0; rule < follows.length; rule++) {
      follows[rule] = new BitSet(BYTES);
      markStates(rule);
    }
    List<Passage> passages = passages();
    boolean more = true;
    while (more) {
      more = passages.stream().filter(this::pass).count() > 0;
    }
    IntStream.range(0, follows.length)
        .filter(rule -> grammar.isCounted(grammar.start(rule)))
        .forEach(rule -> afterStrings.or(follows[rule]));
  }

  /** What comes after the caller's rule comes after the callee's too. */
  private record Passage(int caller, int callee) {}

  private void markStates(int rule) {
    if (grammar.isCounted(grammar.start(rule))) {
      return;
    }
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(grammar.start(rule)));
    while (!open.isEmpty()) {
      int state = open.remove();
      if (!seen.get(state)) {
        seen.set(state);
        ruleOf[state] = rule;
        grammar.after(state).forEach(open::add);
      }
    }
  }

  /** Takes in what comes directly after each call. */
  private List<Passage> passages() {
    Set<Passage> passages = new HashSet<>();
    for (int state = 0; state < ruleOf.length; state++) {
      for (Grammar.Call call : grammar.calls(state)) {
        called.set(call.rule());
        follows[call.rule()].or(first(call.then()));
        if (grammar.isEnd(call.then())) {
          passages.add(new Passage(ruleOf[state], call.rule()));
        }
      }
    }
    return new ArrayList<>(passages);
  }

  private boolean pass(Passage passage) {
    int before = follows[passage.callee].cardinality();
    follows[passage.callee].or(follows[passage.caller]);
    return follows[passage.callee].cardinality() > before;
  }

  /** The bytes that a text can go on with in a state; no rule calls itself before it reads one. */
  private BitSet first(int state) {
    BitSet first = new BitSet(BYTES);
    for (int value = 0; value < BYTES; value++) {
      first.set(value, grammar.step(state, value) != Grammar.DEAD);
    }
    Arrays.stream(grammar.calls(state)).forEach(call -> first.or(firstOf(call.rule())));
    return first;
  }

  private BitSet firstOf(int rule) {
    BitSet known = firsts[rule];
    if (known == null) {
      known = first(grammar.start(rule));
      firsts[rule] = known;
    }
    return known;
  }

  /** The rule of a stored state. */
  int ruleOf(int state) {
    return ruleOf[state];
  }

  /** Whether any rule calls that of a state; the text itself is one of rule 0 without that. */
  boolean isCalled(int state) {
    return grammar.isCounted(state) || called.get(ruleOf[state]);
  }

  /** The bytes that can come after the rule of a state; not to be changed. */
  BitSet follow(int state) {
    return grammar.isCounted(state) ? afterStrings : follows[ruleOf[state]];
  }
}
