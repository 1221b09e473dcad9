package dev.loquat.internal.pipeline;

import dev.loquat.backend.ForwardBatch;
import java.util.List;

/**
 * A part of a step.
 *
 * @param batch its rows, or parts of rows
 * @param firstToken where in the step's hidden states its own begin
 * @param logitsRows where in the step's logits each of its rows of logits belongs
 */
record MicroBatch(ForwardBatch batch, int firstToken, List<Integer> logitsRows) {

  /** Copies the list. */
  MicroBatch {
    logitsRows = List.copyOf(logitsRows);
  }
}
