package dev.loquat.constraint;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Reads tokens in the order of their bytes from one configuration, common beginnings once. */
final class TokenWalk {
  private final Configuration[] path;
  private int depth;

  TokenWalk(Configuration from, int longest) {
    path = new Configuration[longest + 1];
    path[0] = from;
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
      while (depth < token.length && advance(path[depth].step(token[depth]))) {
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
      if (path[i].isEscaped() && follow.get(token[i] & 0xFF)) {
        return true;
      }
    }
    return false;
  }

  private boolean advance(@Nullable Configuration next) {
    if (next == null) {
      return false;
    }
    path[depth + 1] = next;
    return true;
  }
}
