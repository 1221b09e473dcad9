package dev.loquat.testkit.reference;

import dev.loquat.backend.Logits;
import java.util.List;
import java.util.Objects;

/**
 * Logits in double precision, narrowed when read.
 *
 * @param values {@code [rows][vocabulary]}
 * @param vocabularySize the width of a row
 */
record WideLogits(List<double[]> values, int vocabularySize) implements Logits {

  @Override
  public int rows() {
    return values.size();
  }

  @Override
  public void read(int row, float[] destination) {
    double[] wide = values.get(Objects.checkIndex(row, rows()));
    Objects.checkFromIndexSize(0, vocabularySize, destination.length);
    for (int i = 0; i < vocabularySize; i++) {
      destination[i] = (float) wide[i];
    }
  }
}
