package dev.loquat.constraint;

import java.util.BitSet;

/**
 * Rules as deterministic automata with calls. A state has one successor for each class of bytes,
 * may call rules (each call with the state to go on from after it), and may end its rule. The
 * states of all rules are numbered together. No rule but the first matches the empty text, none
 * calls itself without reading a byte first, and every state leads to an end.
 *
 * @param classes which bytes look the same
 * @param next successors [states, classes], {@link #DEAD} for none
 * @param calls the calls of each state
 * @param ends the states that end their rule
 * @param starts the first state of each rule; a text is one of rule 0
 */
record Grammar(ByteClasses classes, int[] next, Call[][] calls, BitSet ends, int[] starts) {
  static final int DEAD = -1;

  /** To a rule, and the state after it. */
  record Call(int rule, int then) {}

  int states() {
    return calls.length;
  }

  int step(int state, int value) {
    return next[state * classes.count() + classes.of(value)];
  }

  /** Whether nothing can happen in a state but reading a byte. */
  boolean isPlain(int state) {
    return calls[state].length == 0 && !ends.get(state);
  }
}
