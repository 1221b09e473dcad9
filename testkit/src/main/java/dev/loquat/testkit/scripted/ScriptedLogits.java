package dev.loquat.testkit.scripted;

import dev.loquat.backend.Logits;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Logits with one peak each.
 *
 * @param peaks the chosen token of each row
 * @param vocabularySize the width of a row
 */
record ScriptedLogits(List<Integer> peaks, int vocabularySize) implements Logits {

  @Override
  public int rows() {
    return peaks.size();
  }

  @Override
  public void read(int row, float[] destination) {
    int peak = peaks.get(Objects.checkIndex(row, rows()));
    Arrays.fill(destination, 0, vocabularySize, 0);
    destination[peak] = ScriptedBackend.LIKELIEST;
  }
}
