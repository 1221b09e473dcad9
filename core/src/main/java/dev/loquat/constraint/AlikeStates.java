package dev.loquat.constraint;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Groups of states that no token tells apart: of the same rule, and with the same ends and calls
 * after whatever bytes a token may have. Inside a count, nearly all states are alike.
 *
 * <p>Found by Moore's partition refinement, one round a byte of the longest token.
 */
final class AlikeStates {
  private static final int NONE = -1;
  private final Grammar grammar;
  private final Callers callers;
  private final Predecessors predecessors;
  private final int[] groups;
  private int[] sizes = {};

  private AlikeStates(Grammar grammar, Callers callers) {
    this.grammar = grammar;
    this.callers = callers;
    this.predecessors = new Predecessors(grammar);
    this.groups = new int[grammar.states()];
  }

  /**
   * The group of each state.
   *
   * @param bytes how far to look: as many bytes as the longest token has
   */
  static int[] of(Grammar grammar, Callers callers, int bytes) {
    AlikeStates alike = new AlikeStates(grammar, callers);
    alike.groupByWhatTheyAre();
    int[] affected = IntStream.range(0, grammar.states()).toArray();
    for (int i = 0; i < bytes && affected.length > 0; i++) {
      affected = alike.predecessors.of(alike.split(affected));
    }
    return alike.groups;
  }

  private void groupByWhatTheyAre() {
    Map<IntKey, Integer> known = new HashMap<>();
    for (int state = 0; state < groups.length; state++) {
      groups[state] = known.computeIfAbsent(kind(state), key -> known.size());
    }
    sizes = count(groups, known.size());
  }

  private static int[] count(int[] numbers, int size) {
    int[] counts = new int[size];
    Arrays.stream(numbers).forEach(number -> counts[number]++);
    return counts;
  }

  private IntKey kind(int state) {
    IntStream what = IntStream.of(callers.ruleOf(state), grammar.isEnd(state) ? 1 : 0);
    IntStream rules = Arrays.stream(grammar.calls(state)).mapToInt(Grammar.Call::rule);
    return new IntKey(IntStream.concat(what, rules).toArray());
  }

  /** Tells apart states that lead to different groups; returns those that changed theirs. */
  private BitSet split(int[] affected) {
    Map<IntKey, Integer> known = new HashMap<>();
    int[] parts = new int[affected.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = known.computeIfAbsent(successors(affected[i]), key -> known.size());
    }
    return move(affected, parts, number(affected, parts, known.size()));
  }

  /** Gives each part a group: the greatest keeps its own where nothing else of it is left. */
  private int[] number(int[] affected, int[] parts, int count) {
    int[] numbers = new int[count];
    Arrays.fill(numbers, NONE);
    greatestOfWhole(affected, parts, count).forEach((group, part) -> numbers[part] = group);
    int next = sizes.length;
    for (int part = 0; part < count; part++) {
      numbers[part] = numbers[part] == NONE ? next++ : numbers[part];
    }
    sizes = Arrays.copyOf(sizes, next);
    return numbers;
  }

  /** The greatest part of each group whose states are all affected. */
  private Map<Integer, Integer> greatestOfWhole(int[] affected, int[] parts, int count) {
    int[] partSizes = count(parts, count);
    int[] left = sizes.clone();
    Map<Integer, Integer> greatest = new HashMap<>();
    for (int i = 0; i < affected.length; i++) {
      int group = groups[affected[i]];
      left[group]--;
      greatest.merge(group, parts[i], (a, b) -> partSizes[a] < partSizes[b] ? b : a);
    }
    greatest.keySet().removeIf(group -> left[group] > 0);
    return greatest;
  }

  private BitSet move(int[] affected, int[] parts, int[] numbers) {
    BitSet changed = new BitSet();
    for (int i = 0; i < affected.length; i++) {
      int old = groups[affected[i]];
      int now = numbers[parts[i]];
      sizes[old]--;
      sizes[now]++;
      groups[affected[i]] = now;
      changed.set(affected[i], old != now);
    }
    return changed;
  }

  private IntKey successors(int state) {
    IntStream own = IntStream.of(groups[state]);
    IntStream bytes = grammar.row(state).map(this::groupOrDead);
    IntStream calls = Arrays.stream(grammar.calls(state)).mapToInt(call -> groups[call.then()]);
    return new IntKey(IntStream.concat(IntStream.concat(own, bytes), calls).toArray());
  }

  private int groupOrDead(int state) {
    return state == Grammar.DEAD ? Grammar.DEAD : groups[state];
  }
}
