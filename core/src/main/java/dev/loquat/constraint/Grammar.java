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

  private static final Call[] NO_CALLS = {};
  private final ByteClasses classes;
  private final int[] next;
  private final Call[][] calls;
  private final BitSet ends;
  private final int[] starts;
  private final CountedStrings strings;
  private final BitSet readers = new BitSet();
  private final BitSet plain = new BitSet();

  /**
   * Takes the tables, which it owns from now on.
   *
   * @param classes which bytes look the same
   * @param next successors [states, classes], {@link #DEAD} for none
   * @param calls the calls of each state
   * @param ends the states that end their rule
   * @param starts the first state of each rule; a text is one of rule 0
   * @param strings the rules whose states are computed, and numbered behind the others
   */
  Grammar(
      ByteClasses classes,
      int[] next,
      Call[][] calls,
      BitSet ends,
      int[] starts,
      CountedStrings strings) {
    this.classes = classes;
    this.next = next;
    this.calls = calls;
    this.ends = ends;
    this.starts = starts;
    this.strings = strings;
    describeStates();
  }

  private void describeStates() {
    readers.clear();
    for (int i = 0; i < next.length; i++) {
      if (next[i] != DEAD) {
        readers.set(i / classes.count());
      }
    }
    for (int state = 0; state < calls.length; state++) {
      plain.set(state, calls[state].length == 0 && !ends.get(state));
    }
  }

  /** To a rule, and the state after it. */
  record Call(int rule, int then) {}

  /** How many states are stored; those of counted strings come behind. */
  int states() {
    return calls.length;
  }

  CountedStrings strings() {
    return strings;
  }

  /** Whether a state is one of a counted string, which are computed. */
  boolean isCounted(int state) {
    return state >= calls.length;
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
    return isCounted(state) ? NO_CALLS : calls[state];
  }

  boolean isEnd(int state) {
    return isCounted(state) ? CountedString.isEnd(state) : ends.get(state);
  }

  int step(int state, int value) {
    return isCounted(state)
        ? strings.step(state, value)
        : next[state * classes.count() + classes.of(value)];
  }

  /** Whether some byte leads on. */
  boolean reads(int state) {
    return isCounted(state) ? !CountedString.isEnd(state) : readers.get(state);
  }

  /** Whether nothing can happen in a state but reading a byte. */
  boolean isPlain(int state) {
    return isCounted(state) ? !CountedString.isEnd(state) : plain.get(state);
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

  /** Every stored state that a text can come to, the nearest to its start first. */
  Set<Integer> reachable() {
    Set<Integer> reached = new LinkedHashSet<>(Set.of(starts[0]));
    Deque<Integer> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      int state = open.remove();
      IntStream.concat(successors(state), entries(state))
          .filter(next -> !isCounted(next))
          .filter(reached::add)
          .forEach(open::add);
    }
    return reached;
  }

  /** The states that calls lead to: in their rules, and after them. */
  private IntStream entries(int state) {
    return Arrays.stream(calls[state])
        .flatMapToInt(call -> IntStream.of(starts[call.rule], call.then));
  }

  /** A counted string always comes to its end. */
  private boolean isLive(int state, BitSet live) {
    return isCounted(state) || live.get(state);
  }

  /** Takes out what leads to other states than these. */
  void keepOnly(BitSet live) {
    for (int i = 0; i < next.length; i++) {
      next[i] = next[i] != DEAD && live.get(next[i]) ? next[i] : DEAD;
    }
    for (int state = 0; state < calls.length; state++) {
      calls[state] =
          Arrays.stream(calls[state])
              .filter(call -> isLive(starts[call.rule], live) && live.get(call.then))
              .toArray(Call[]::new);
    }
    describeStates();
  }
}
