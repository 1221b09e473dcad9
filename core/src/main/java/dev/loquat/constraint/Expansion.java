package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Enters the calls and leaves the ends of positions reached with one byte. */
final class Expansion {
  private final Grammar grammar;
  private final List<Position> found = new ArrayList<>();
  private final Set<Position> seen = new HashSet<>();
  private final Map<Integer, Frame> opened = new HashMap<>();
  private boolean complete;
  private boolean escaped;

  Expansion(Grammar grammar) {
    this.grammar = grammar;
  }

  Expansion add(int state, Frame frame) {
    add(new Position(state, frame));
    return this;
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  Configuration finish() {
    for (int i = 0; i < found.size(); i++) {
      enterCalls(found.get(i));
      leave(found.get(i));
    }
    List<Position> readers = found.stream().filter(at -> grammar.reads(at.state())).toList();
    return new Configuration(grammar, readers, complete, escaped);
  }

  private void add(Position position) {
    if (seen.add(position)) {
      found.add(position);
    }
  }

  private void enterCalls(Position position) {
    for (Grammar.Call call : grammar.calls(position.state())) {
      open(call.rule()).add(new Position(call.then(), position.frame()));
    }
  }

  private Frame open(int rule) {
    Frame known = opened.get(rule);
    if (known != null) {
      return known;
    }
    Frame frame = new Frame();
    opened.put(rule, frame);
    add(new Position(grammar.start(rule), frame));
    return frame;
  }

  private void leave(Position position) {
    if (grammar.isEnd(position.state())) {
      complete |= position.frame() == Frame.ROOT;
      escaped |= position.frame() == Frame.UNKNOWN;
      position.frame().returns().forEach(this::add);
    }
  }
}
