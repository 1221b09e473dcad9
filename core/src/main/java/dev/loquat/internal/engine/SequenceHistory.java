package dev.loquat.internal.engine;

import dev.loquat.generation.TokenHistory;
import dev.loquat.internal.scheduler.Sequence;
import java.util.List;
import java.util.Objects;

/**
 * A prompt and its new tokens as samplers see them: those too that the scheduler does not know yet.
 */
record SequenceHistory(Sequence prompt, List<Integer> newTokenIds) implements TokenHistory {

  @Override
  public int length() {
    return promptLength() + newTokenIds.size();
  }

  @Override
  public int promptLength() {
    return prompt.promptLength();
  }

  @Override
  public int token(int index) {
    Objects.checkIndex(index, length());
    return index < promptLength() ? prompt.token(index) : newTokenIds.get(index - promptLength());
  }
}
