package dev.loquat.internal.engine;

import dev.loquat.generation.TokenHistory;
import dev.loquat.internal.scheduler.Sequence;

/** A sequence as samplers see it. */
record SequenceHistory(Sequence sequence) implements TokenHistory {

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
