package dev.loquat.constraint;

import java.util.BitSet;

/**
 * What one state of a grammar says of all tokens, whoever called its rule: which stay in the rule,
 * and which go on after its end.
 */
final class StateMask {
  private final long[] allowed;
  private final int[] undecided;

  private StateMask(long[] allowed, int[] undecided) {
    this.allowed = allowed;
    this.undecided = undecided;
  }

  static StateMask of(Grammar grammar, Callers callers, int state, TokenTable tokens) {
    BitSet follow = callers.follow(state);
    Frame frame = callers.isCalled(state) ? Frame.UNKNOWN : Frame.ROOT;
    TokenWalk walk =
        new TokenWalk(grammar, Configuration.inside(grammar, state, frame), tokens.longest());
    long[] allowed = tokens.emptyMask();
    IntList undecided = new IntList();
    for (int i = 0; i < tokens.size(); i++) {
      if (walk.reads(tokens.bytes(i), tokens.shared(i))) {
        Bits.set(allowed, tokens.id(i));
      } else if (walk.mayLeave(tokens.bytes(i), follow)) {
        undecided.add(i);
      }
    }
    return new StateMask(allowed, undecided.toArray());
  }

  /** The tokens that stay in the rule, one bit an id; not to be changed. */
  long[] allowed() {
    return allowed;
  }

  /** The places in the table of the tokens that go on after the rule's end; not to be changed. */
  int[] undecided() {
    return undecided;
  }

  int byteLength() {
    return 64 + Long.BYTES * allowed.length + Integer.BYTES * undecided.length;
  }
}
