package dev.loquat.internal.engine;

import dev.loquat.generation.TokenHistory;
import dev.loquat.internal.scheduler.Sequence;

/** All tokens of a sequence as samplers see them. */
record BranchHistory(Sequence sequence) implements TokenHistory {

  @Override
  public int length() {
    return sequence.length();
  }

  @Override
  public int promptLength() {
    return sequence.promptLength();
  }

  @Override
  public int token(int index) {
    return sequence.token(index);
  }
}
