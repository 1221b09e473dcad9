package dev.loquat.constraint;

import java.util.BitSet;
import java.util.List;

/** Refuses rules that come back to themselves before they have read a byte. */
final class LeftRecursion {
  private final Grammar grammar;
  private final List<String> names;
  private final BitSet open = new BitSet();
  private final BitSet done = new BitSet();

  private LeftRecursion(Grammar grammar, List<String> names) {
    this.grammar = grammar;
    this.names = names;
  }

  static Grammar refuse(Grammar grammar, List<String> names) {
    LeftRecursion search = new LeftRecursion(grammar, names);
    for (int rule = 0; rule < names.size(); rule++) {
      search.visit(rule);
    }
    return grammar;
  }

  private void visit(int rule) {
    if (open.get(rule)) {
      throw new IllegalArgumentException(
          names.get(rule)
              + " leads back to itself without any text between; take one of the references out");
    }
    if (done.get(rule)) {
      return;
    }
    open.set(rule);
    for (Grammar.Call call : grammar.calls(grammar.start(rule))) {
      visit(call.rule());
    }
    open.clear(rule);
    done.set(rule);
  }
}
