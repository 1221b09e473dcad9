package dev.loquat.internal.engine;

import dev.loquat.backend.Logits;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepPlan.Chunk;
import java.util.OptionalInt;

/**
 * A chunk of a step with its logits.
 *
 * @param chunk the chunk, with logits for its last positions
 * @param logits the step's logits
 * @param firstRow the first of its rows among the step's
 * @param drawn the tokens that the device has drawn
 */
record LogitsChunk(Chunk chunk, Logits logits, int firstRow, DrawnTokens drawn) {

  Sequence sequence() {
    return chunk.sequence();
  }

  /** Reads the row behind a draft: 0 for the one that follows the last token that is certain. */
  void read(int draft, float[] row) {
    logits.read(rowBehind(draft), row);
  }

  /** The number of that row among the step's. */
  int rowBehind(int draft) {
    return firstRow + chunk.logitsRows() - 1 - chunk.drafts() + draft;
  }

  /** The token that the device has drawn from that row. */
  OptionalInt drawnBehind(int draft) {
    return drawn.of(rowBehind(draft));
  }

  /** The first position that has logits. */
  int firstPosition() {
    return endPosition() - chunk.logitsRows();
  }

  /** The position behind the last. */
  int endPosition() {
    return chunk.firstPosition() + chunk.tokens();
  }

  /** Reads the row of a position that has one. */
  void readAt(int position, float[] row) {
    logits.read(firstRow + position - firstPosition(), row);
  }

  /** Whether a draft of the step was the token that came. */
  boolean isRight(int draft, int token) {
    return draft < chunk.drafts() && sequence().draft(draft) == token;
  }
}
