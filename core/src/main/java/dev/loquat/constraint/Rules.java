package dev.loquat.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/** The rules of a grammar in the making, each built once and after the one that first calls it. */
final class Rules {
  private static final int MAX_RULES = 1000;
  private final Map<String, Expr.Rule> known = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Work work;
  private final Queue<Supplier<Expr>> waiting = new ArrayDeque<>();

  Rules(Work work) {
    this.work = work;
  }

  /** The steps taken for all rules together. */
  Work work() {
    return work;
  }

  /** The rule of this name, whose content is asked for later. */
  Expr.Rule rule(String name, Supplier<Expr> content) {
    return known.computeIfAbsent(name, n -> add(n, content));
  }

  private Expr.Rule add(String name, Supplier<Expr> content) {
    if (names.size() == MAX_RULES) {
      throw new IllegalArgumentException(
          "The schema refers to more than " + MAX_RULES + " schemas; use fewer");
    }
    names.add(name);
    waiting.add(content);
    return new Expr.Rule(names.size() - 1);
  }

  Grammar grammar() {
    List<Expr> contents = new ArrayList<>();
    while (!waiting.isEmpty()) {
      contents.add(waiting.remove().get());
    }
    Grammar grammar = SubsetConstruction.of(contents, work);
    return Liveness.prune(LeftRecursion.refuse(grammar, names), names, work);
  }
}
