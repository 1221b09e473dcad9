package dev.loquat.device;

import java.util.Objects;

/**
 * Weights that are held wider than the rest.
 *
 * @param weights which, such as "head"
 * @param storage what they are held in
 */
public record WiderWeights(String weights, Precision storage) {

  /** Checks for nulls. */
  public WiderWeights {
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(storage, "storage");
  }

  @Override
  public String toString() {
    return weights + " in " + storage;
  }
}
