package dev.loquat.constraint;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Rules as deterministic automata with calls. A state has one successor for each class of bytes,
 * may call rules (each call with the state to go on from after it), and may end its rule. The
 * states of all rules are numbered together. No rule but the first matches the empty text, none
 * calls itself without reading a byte first, and every state leads to an end.
 */
final class Grammar {
  static final int DEAD = -1;

  /** Of its array of calls, mostly empty. */
  private static final int BYTES_A_STATE = 32;

  private final ByteClasses classes;
  private final int[] next;
  private final Call[][] calls;
  private final BitSet ends;
  private final int[] starts;

  /**
   * Takes the tables, which it owns from now on.
   *
   * @param classes which bytes look the same
   * @param next successors [states, classes], {@link #DEAD} for none
   * @param calls the calls of each state
   * @param ends the states that end their rule
   * @param starts the first state of each rule; a text is one of rule 0
   */
  Grammar(ByteClasses classes, int[] next, Call[][] calls, BitSet ends, int[] starts) {
    this.classes = classes;
    this.next = next;
    this.calls = calls;
    this.ends = ends;
    this.starts = starts;
  }

  /** To a rule, and the state after it. */
  record Call(int rule, int then) {}

  int states() {
    return calls.length;
  }

  /** About how much memory its tables take. */
  long byteLength() {
    return Integer.BYTES * (long) next.length + BYTES_A_STATE * (long) calls.length;
  }

  /** How many successors a state may have. */
  int classes() {
    return classes.count();
  }

  int rules() {
    return starts.length;
  }

  int start(int rule) {
    return starts[rule];
  }

  Call[] calls(int state) {
    return calls[state];
  }

  boolean isEnd(int state) {
    return ends.get(state);
  }

  int step(int state, int value) {
    return next[state * classes.count() + classes.of(value)];
  }

  /** Whether nothing can happen in a state but reading a byte. */
  boolean isPlain(int state) {
    return calls[state].length == 0 && !ends.get(state);
  }

  /** The successor for each class of bytes, or {@link #DEAD}. */
  IntStream row(int state) {
    return Arrays.stream(next, state * classes.count(), (state + 1) * classes.count());
  }

  /** The states that a byte leads to. */
  IntStream successors(int state) {
    return row(state).filter(successor -> successor != DEAD);
  }

  /** The states of the same rule that a byte or a call leads to, each once. */
  IntStream after(int state) {
    IntStream returns = Arrays.stream(calls[state]).mapToInt(Call::then);
    return IntStream.concat(successors(state), returns).distinct();
  }

  /** Every state that a text can come to, the nearest to its start first. */
  Set<Integer> reachable() {
    Set<Integer> reached = new LinkedHashSet<>(Set.of(starts[0]));
    Deque<Integer> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      int state = open.remove();
      IntStream.concat(successors(state), entries(state)).filter(reached::add).forEach(open::add);
    }
    return reached;
  }

  /** The states that calls lead to: in their rules, and after them. */
  private IntStream entries(int state) {
    return Arrays.stream(calls[state])
        .flatMapToInt(call -> IntStream.of(starts[call.rule], call.then));
  }

  /** Takes out what leads to other states than these. */
  void keepOnly(BitSet live) {
    for (int i = 0; i < next.length; i++) {
      next[i] = next[i] != DEAD && live.get(next[i]) ? next[i] : DEAD;
    }
    for (int state = 0; state < calls.length; state++) {
      calls[state] =
          Arrays.stream(calls[state])
              .filter(call -> live.get(starts[call.rule]) && live.get(call.then))
              .toArray(Call[]::new);
    }
  }
}
