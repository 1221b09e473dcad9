package dev.loquat.backend;

import java.util.BitSet;
import java.util.List;

/**
 * What one step computes: a row for each sequence that takes part.
 *
 * @param rows one or more rows of different slots
 */
public record ForwardBatch(List<ForwardRow> rows) {

  /** Copies the rows and checks that no slot comes twice. */
  public ForwardBatch {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("The batch has no rows; expected at least one");
    }
    BitSet seen = new BitSet();
    for (ForwardRow row : rows) {
      if (seen.get(row.slot())) {
        throw new IllegalArgumentException("Slot " + row.slot() + " has two rows; expected one");
      }
      seen.set(row.slot());
    }
  }

  /**
   * The rows of logits that the step computes.
   *
   * @return the sum over the rows
   */
  public int logitsRows() {
    return rows.stream().mapToInt(ForwardRow::logitsCount).sum();
  }

  /**
   * The tokens of all rows.
   *
   * @return 1 or more
   */
  public int tokens() {
    return rows.stream().mapToInt(ForwardRow::length).sum();
  }

  /**
   * Checks that the batch fits a cache and a vocabulary; backends call it before native code sees
   * the numbers.
   *
   * @param layout the session's layout
   * @param vocabularySize the model's vocabulary
   * @throws IllegalArgumentException if a slot, position or token is out of range
   */
  public void requireFits(CacheLayout layout, int vocabularySize) {
    for (ForwardRow row : rows) {
      row.requireFits(layout, vocabularySize);
    }
  }
}
