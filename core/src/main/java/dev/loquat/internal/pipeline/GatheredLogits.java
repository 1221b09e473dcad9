package dev.loquat.internal.pipeline;

import dev.loquat.backend.Logits;
import java.util.Arrays;
import java.util.Objects;

/**
 * The logits of a step, copied from those of its micro-batches, each of which ends those before, or
 * from a stage that goes on with the step of another lane. The memory is used again for the next
 * step.
 */
final class GatheredLogits implements Logits {
  private final int vocabularySize;
  private volatile float[][] values = new float[0][];
  private int rows;

  GatheredLogits(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  /** Makes room for a step. */
  void prepare(int rowsOfStep) {
    rows = rowsOfStep;
    float[][] before = values;
    if (before.length < rows) {
      float[][] more = Arrays.copyOf(before, rows);
      Arrays.setAll(more, row -> row < before.length ? before[row] : new float[vocabularySize]);
      values = more;
    }
  }

  /** Copies the logits of a part of the step. */
  void take(MicroBatch part, Logits logits) {
    for (int row = 0; row < logits.rows(); row++) {
      logits.read(row, values[part.logitsRows().get(row)]);
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
    System.arraycopy(values[row], 0, destination, 0, vocabularySize);
  }

  /** The bytes of all rows there were room for so far; for any thread. */
  long byteLength() {
    return (long) values.length * vocabularySize * Float.BYTES;
  }
}
