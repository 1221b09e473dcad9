package dev.loquat.internal.pipeline;

import dev.loquat.backend.Logits;
import java.util.Objects;

/**
 * The logits of a step, copied from those of its micro-batches, each of which ends those before, or
 * from a stage that goes on with the step of another lane. The memory is used again for the next
 * step.
 */
final class GatheredLogits implements Logits {
  private final int vocabularySize;
  private float[][] values = new float[0][];
  private int rows;

  GatheredLogits(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  /** Makes room for a step. */
  void prepare(int rowsOfStep) {
    rows = rowsOfStep;
    if (values.length < rows) {
      float[][] more = new float[rows][];
      System.arraycopy(values, 0, more, 0, values.length);
      values = more;
    }
  }

  /** Copies the logits of a part of the step. */
  void take(MicroBatch part, Logits logits) {
    for (int row = 0; row < logits.rows(); row++) {
      logits.read(row, values(part.logitsRows().get(row)));
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public void read(int row, float[] destination) {
    Objects.checkIndex(row, rows);
    Objects.checkFromIndexSize(0, vocabularySize, destination.length);
    System.arraycopy(values(row), 0, destination, 0, vocabularySize);
  }

  private float[] values(int row) {
    if (values[row] == null) {
      values[row] = new float[vocabularySize];
    }
    return values[row];
  }
}
