package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes the rules of a grammar deterministic. */
final class SubsetConstruction {
  /** A table of 64 classes then takes 16 MiB. */
  private static final int MAX_STATES = 1 << 16;

  private final List<NamedRule> rules;
  private final Nfa nfa;
  private final ByteClasses classes;
  private final Closure closure;
  private final Map<IntKey, Integer> numbers = new HashMap<>();

  /** Many bytes of a state lead to the same nodes, whose closure is the same. */
  private final Map<IntKey, Integer> numbersByKernel = new HashMap<>();

  private final List<IntKey> sets = new ArrayList<>();

  /** The rule that each set belongs to. */
  private final IntList owners = new IntList();

  private int rule;
  private final List<int[]> rows = new ArrayList<>();
  private final List<Grammar.Call[]> calls = new ArrayList<>();
  private final BitSet ends = new BitSet();
  private final Work work;

  private SubsetConstruction(List<NamedRule> rules, Nfa nfa, Work work) {
    this.rules = rules;
    this.nfa = nfa;
    this.work = work;
    this.classes = ByteClasses.of(nfa);
    this.closure = new Closure(nfa, work);
  }

  static Grammar of(List<NamedRule> rules, Work work) {
    Nfa nfa = new Nfa(work);
    int[] starts = new int[rules.size()];
    for (int rule = 0; rule < starts.length; rule++) {
      starts[rule] = isCounted(rules.get(rule)) ? Grammar.DEAD : nfa.add(rules.get(rule));
    }
    return new SubsetConstruction(rules, nfa, work).build(starts);
  }

  private static boolean isCounted(NamedRule rule) {
    return rule.content() instanceof Expr.StringOf;
  }

  private Grammar build(int[] starts) {
    for (rule = 0; rule < starts.length; rule++) {
      starts[rule] = isCounted(rules.get(rule)) ? Grammar.DEAD : number(IntList.of(starts[rule]));
    }
    for (int state = 0; state < sets.size(); state++) {
      rule = owners.get(state);
      expand(state);
    }
    CountedStrings strings = number(starts);
    int[] next = rows.stream().flatMapToInt(Arrays::stream).toArray();
    return new Grammar(classes, next, calls.toArray(Grammar.Call[][]::new), ends, starts, strings);
  }

  /** Numbers the states of counted strings behind the others. */
  private CountedStrings number(int[] starts) {
    List<CountedString> strings = new ArrayList<>();
    int base = sets.size();
    for (int i = 0; i < starts.length; i++) {
      if (rules.get(i).content() instanceof Expr.StringOf string) {
        CountedString counted = new CountedString(string, base);
        strings.add(counted);
        starts[i] = counted.start();
        base = counted.end();
      }
    }
    return new CountedStrings(List.copyOf(strings));
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
              + " states, most of them for "
              + greatest()
              + "; use smaller counts there, or fewer overlapping alternatives and repetitions");
    }
    numbers.put(set, sets.size());
    sets.add(set);
    owners.add(rule);
    return sets.size() - 1;
  }

  /** The name of the rule with the most states. */
  private String greatest() {
    int[] counts = new int[rules.size()];
    Arrays.stream(owners.toArray()).forEach(owner -> counts[owner]++);
    return IntStream.range(0, counts.length)
        .boxed()
        .max(Comparator.comparingInt(owner -> counts[owner]))
        .map(owner -> rules.get(owner).name())
        .orElseThrow();
  }
}
