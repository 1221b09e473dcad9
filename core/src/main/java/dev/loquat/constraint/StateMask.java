package dev.loquat.constraint;

/**
 * What one state of a grammar says of all tokens, whoever called its rule.
 *
 * @param allowed the tokens that stay in the rule, one bit an id
 * @param undecided the places in the table of those that go on after the rule's end
 */
record StateMask(long[] allowed, int[] undecided) {

  static StateMask of(Grammar grammar, int state, TokenTable tokens) {
    TokenWalk walk = new TokenWalk(Configuration.inside(grammar, state), tokens.longest());
    long[] allowed = tokens.emptyMask();
    IntList undecided = new IntList();
    for (int i = 0; i < tokens.size(); i++) {
      if (walk.reads(tokens.bytes(i), tokens.shared(i))) {
        Bits.set(allowed, tokens.id(i));
      } else if (walk.isEscaped()) {
        undecided.add(i);
      }
    }
    return new StateMask(allowed, undecided.toArray());
  }

  int byteLength() {
    return 64 + Long.BYTES * allowed.length + Integer.BYTES * undecided.length;
  }
}
