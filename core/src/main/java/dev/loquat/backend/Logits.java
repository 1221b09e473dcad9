package dev.loquat.backend;

/**
 * The result of a step: a row of logits for every position that wanted one, in the order of the
 * batch's rows and, within a row, of positions. Shape {@code [rows, vocabulary]}.
 *
 * <p>Valid until the session's next step or close; belongs to the session.
 */
public interface Logits {

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
}
