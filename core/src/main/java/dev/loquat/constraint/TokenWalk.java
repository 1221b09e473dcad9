package dev.loquat.constraint;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokens in the order of their bytes from one configuration, common beginnings once. As long
 * as there is but one position, which is nearly always, only its state is looked at.
 */
final class TokenWalk {
  private final Grammar grammar;
  private final @Nullable Configuration[] path;
  private final int[] states;
  private final Frame[] frames;
  private final boolean[] escaped;
  private int depth;

  TokenWalk(Grammar grammar, Configuration from, int longest) {
    this.grammar = grammar;
    path = new @Nullable Configuration[longest + 1];
    states = new int[longest + 1];
    frames = new Frame[longest + 1];
    escaped = new boolean[longest + 1];
    put(0, from);
  }

  /**
   * Reads the next token.
   *
   * @param shared how many first bytes it has in common with the token read before
   * @return whether a text goes on with it
   */
  boolean reads(byte[] token, int shared) {
    if (shared <= depth) {
      depth = shared;
      while (depth < token.length && advance(token[depth])) {
        depth++;
      }
    }
    return depth == token.length;
  }

  /**
   * Whether the rule with the unknown callers could have ended before a byte that may follow it, so
   * that the token just read in vain may go on with a caller.
   */
  boolean mayLeave(byte[] token, BitSet follow) {
    for (int i = 1; i <= depth; i++) {
      if (escaped[i] && follow.get(token[i] & 0xFF)) {
        return true;
      }
    }
    return false;
  }

  private boolean advance(byte value) {
    Configuration several = path[depth];
    if (several != null) {
      return put(depth + 1, several.step(value));
    }
    int next = grammar.step(states[depth], value & 0xFF);
    if (next == Grammar.DEAD) {
      return false;
    }
    Frame frame = frames[depth];
    if (grammar.isPlain(next) || (grammar.calls(next).length == 0 && frame.returns().isEmpty())) {
      put(depth + 1, next, frame, frame == Frame.UNKNOWN && grammar.isEnd(next));
      return true;
    }
    return put(depth + 1, Configuration.after(grammar, next, frame));
  }

  private boolean put(int at, @Nullable Configuration next) {
    if (next == null) {
      return false;
    }
    if (next.positions().size() == 1) {
      Position only = next.positions().get(0);
      put(at, only.state(), only.frame(), next.isEscaped());
    } else {
      path[at] = next;
      escaped[at] = next.isEscaped();
    }
    return true;
  }

  private void put(int at, int state, Frame frame, boolean isEscaped) {
    path[at] = null;
    states[at] = state;
    frames[at] = frame;
    escaped[at] = isEscaped;
  }
}
