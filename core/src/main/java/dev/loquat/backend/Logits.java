package dev.loquat.backend;

import java.util.List;

/**
 * The result of a step: a row of logits for every position that wanted one, in the order of the
 * batch's rows and, within a row, of positions. Shape {@code [rows, vocabulary]}.
 *
 * <p>Valid until the session's next step or close; belongs to the session.
 */
public interface Logits {
  /** What is drawn where a row holds NaN or positive infinity, or nothing finite. */
  int NO_TOKEN = -1;

  /**
   * The number of rows.
   *
   * @return the batch's {@link ForwardBatch#logitsRows}
   */
  int rows();

  /**
   * The width of a row.
   *
   * @return the model's vocabulary size
   */
  int vocabularySize();

  /**
   * Copies one row in single precision.
   *
   * @param row which row, from 0
   * @param destination takes {@link #vocabularySize} numbers from its start
   * @throws IndexOutOfBoundsException if there is no such row or the destination is too short
   */
  void read(int row, float[] destination);

  /**
   * Whether {@link #draw} works, which it should where logits lie in memory of a device's own: then
   * token ids cross to the host in place of rows.
   *
   * @return by default false
   */
  default boolean draws() {
    return false;
  }

  /**
   * Draws tokens where the logits lie, all in one go.
   *
   * @param draws from rows of this step, several from one if need be
   * @return a token id for each, or {@link #NO_TOKEN}
   * @throws IndexOutOfBoundsException if there is no such row
   * @throws UnsupportedOperationException if {@link #draws} says no
   */
  default int[] draw(List<TokenDraw> draws) {
    throw new UnsupportedOperationException("This backend draws no tokens; read the logits");
  }
}
