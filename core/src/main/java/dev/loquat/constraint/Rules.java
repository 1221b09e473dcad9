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
  private static final int MAX_RULES = 2000;
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
    return rule(name, name, content);
  }

  /** The rule of this key, whose content is asked for later. */
  Expr.Rule rule(String key, String name, Supplier<Expr> content) {
    return known.computeIfAbsent(key, k -> add(name, content));
  }

  private Expr.Rule add(String name, Supplier<Expr> content) {
    if (names.size() == MAX_RULES) {
      throw new IllegalArgumentException(
          "The constraint has more than "
              + MAX_RULES
              + " rules: schemas that are referred to, and different kinds of strings and numbers;"
              + " use fewer");
    }
    names.add(name);
    waiting.add(content);
    return new Expr.Rule(names.size() - 1);
  }

  Grammar grammar() {
    List<NamedRule> rules = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Expr content = waiting.remove().get(); // May add rules.
      rules.add(new NamedRule(names.get(rules.size()), content));
    }
    Grammar grammar = SubsetConstruction.of(rules, work);
    return Liveness.prune(LeftRecursion.refuse(grammar, names), names, work);
  }
}
