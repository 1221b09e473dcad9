package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.ForwardRow;

/**
 * The tokens of a row that one run computes.
 *
 * @param row the row
 * @param firstToken where among the step's tokens the row's begin
 * @param firstLogits where in the step's logits the row's begin
 * @param from the first token, from 0
 * @param end the token after the last
 */
record Piece(ForwardRow row, int firstToken, int firstLogits, int from, int end) {

  int tokens() {
    return end - from;
  }

  /** Where among the step's tokens the piece begins. */
  int firstOfStep() {
    return firstToken + from;
  }

  /** The position of the last token in its sequence. */
  int lastPosition() {
    return row.firstPosition() + end - 1;
  }

  /** The first token of the piece that wants logits; the end where none does. */
  int firstPick() {
    return Math.min(end, Math.max(from, row.length() - row.logitsCount()));
  }

  int picks() {
    return end - firstPick();
  }

  /** Where in the step's logits a token's row is. */
  int logitsOf(int token) {
    return firstLogits + token - (row.length() - row.logitsCount());
  }
}
