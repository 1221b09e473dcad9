package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the rules of a grammar deterministic. */
final class SubsetConstruction {
  /** A table of 64 classes then takes 16 MiB. */
  private static final int MAX_STATES = 1 << 16;

  private final Nfa nfa;
  private final ByteClasses classes;
  private final Closure closure;
  private final Map<IntKey, Integer> numbers = new HashMap<>();

  /** Many bytes of a state lead to the same nodes, whose closure is the same. */
  private final Map<IntKey, Integer> numbersByKernel = new HashMap<>();

  private final List<IntKey> sets = new ArrayList<>();
  private final List<int[]> rows = new ArrayList<>();
  private final List<Grammar.Call[]> calls = new ArrayList<>();
  private final BitSet ends = new BitSet();
  private final Work work;

  private SubsetConstruction(Nfa nfa, Work work) {
    this.nfa = nfa;
    this.work = work;
    this.classes = ByteClasses.of(nfa);
    this.closure = new Closure(nfa, work);
  }

  static Grammar of(List<Expr> rules, Work work) {
    Nfa nfa = new Nfa(work);
    int[] starts = rules.stream().mapToInt(nfa::add).toArray();
    return new SubsetConstruction(nfa, work).build(starts);
  }

  private Grammar build(int[] startNodes) {
    int[] starts = Arrays.stream(startNodes).map(node -> number(IntList.of(node))).toArray();
    for (int state = 0; state < sets.size(); state++) {
      expand(state);
    }
    int[] next = rows.stream().flatMapToInt(Arrays::stream).toArray();
    return new Grammar(classes, next, calls.toArray(Grammar.Call[][]::new), ends, starts);
  }

  private void expand(int state) {
    work.add(classes.count());
    @Nullable IntList[] byClass = new @Nullable IntList[classes.count()];
    Map<Integer, IntList> byRule = new TreeMap<>();
    for (int index : sets.get(state).values()) {
      Nfa.Node node = nfa.node(index);
      if (node.isLast) {
        ends.set(state);
      }
      if (node.rule >= 0) {
        byRule.computeIfAbsent(node.rule, r -> new IntList()).add(node.target);
      } else if (node.consumes()) {
        addTarget(byClass, node);
      }
    }
    rows.add(Arrays.stream(byClass).mapToInt(this::numberOrDead).toArray());
    calls.add(
        byRule.entrySet().stream()
            .map(call -> new Grammar.Call(call.getKey(), number(call.getValue())))
            .toArray(Grammar.Call[]::new));
  }

  private void addTarget(@Nullable IntList[] byClass, Nfa.Node node) {
    int first = classes.of(node.low);
    int last = classes.of(node.high);
    work.add(last - first + 1);
    for (int c = first; c <= last; c++) {
      IntList targets = byClass[c] == null ? new IntList() : byClass[c];
      targets.add(node.target);
      byClass[c] = targets;
    }
  }

  private int numberOrDead(@Nullable IntList targets) {
    return targets == null ? Grammar.DEAD : number(targets);
  }

  private int number(IntList kernel) {
    return numbersByKernel.computeIfAbsent(
        new IntKey(kernel.toArray()), key -> numberOfClosure(kernel));
  }

  private int numberOfClosure(IntList kernel) {
    IntKey set = new IntKey(closure.of(kernel));
    Integer known = numbers.get(set);
    return known == null ? add(set) : known;
  }

  private int add(IntKey set) {
    if (sets.size() == MAX_STATES) {
      throw new IllegalArgumentException(
          "The constraint needs more than "
              + MAX_STATES
              + " states; use smaller counts, or fewer overlapping alternatives and repetitions");
    }
    numbers.put(set, sets.size());
    sets.add(set);
    return sets.size() - 1;
  }
}
