package dev.loquat.constraint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a text stands in a grammar: every position that it can be read to, with calls entered and
 * ends left. Immutable.
 */
final class Configuration {
  private final Grammar grammar;
  private final List<Position> positions;
  private final boolean complete;
  private final boolean escaped;

  Configuration(Grammar grammar, List<Position> positions, boolean complete, boolean escaped) {
    this.grammar = grammar;
    this.positions = positions;
    this.complete = complete;
    this.escaped = escaped;
  }

  /** Before the first byte. */
  static Configuration start(Grammar grammar) {
    return after(grammar, grammar.start(0), Frame.ROOT);
  }

  /** In one state, calls not entered. */
  static Configuration inside(Grammar grammar, int state, Frame frame) {
    return new Configuration(grammar, List.of(new Position(state, frame)), false, false);
  }

  /** In one state, calls entered and ends left. */
  static Configuration after(Grammar grammar, int state, Frame frame) {
    return new Expansion(grammar).add(state, frame).finish();
  }

  /** After one more byte; null if no text goes on so. */
  @Nullable Configuration step(byte value) {
    return positions.size() == 1 ? stepOne(value & 0xFF) : stepAll(value & 0xFF);
  }

  private @Nullable Configuration stepOne(int value) {
    Position only = positions.get(0);
    int next = grammar.step(only.state(), value);
    if (next == Grammar.DEAD) {
      return null;
    }
    if (grammar.isPlain(next)) {
      return new Configuration(grammar, List.of(new Position(next, only.frame())), false, false);
    }
    return after(grammar, next, only.frame());
  }

  private @Nullable Configuration stepAll(int value) {
    Expansion expansion = new Expansion(grammar);
    for (Position position : positions) {
      int next = grammar.step(position.state(), value);
      if (next != Grammar.DEAD) {
        expansion.add(next, position.frame());
      }
    }
    return expansion.isEmpty() ? null : expansion.finish();
  }

  /** After several bytes; null if no text goes on so. */
  @Nullable Configuration walk(byte[] bytes) {
    Configuration at = this;
    for (int i = 0; i < bytes.length && at != null; i++) {
      at = at.step(bytes[i]);
    }
    return at;
  }

  List<Position> positions() {
    return positions;
  }

  /** Whether the text may end here. */
  boolean isComplete() {
    return complete;
  }

  /** Whether the rule with the unknown callers may end here. */
  boolean isEscaped() {
    return escaped;
  }
}
