package dev.loquat.backend;

import java.util.Objects;

/**
 * How much a model is to do, as far as its memory depends on it.
 *
 * @param layout the KV cache's slots, all of which may be full
 * @param stepTokens the most prompt tokens of a step, 1 or more
 */
public record PlannedUse(CacheLayout layout, int stepTokens) {

  /** Checks the numbers. */
  public PlannedUse {
    Objects.requireNonNull(layout, "layout");
    if (stepTokens < 1) {
      throw new IllegalArgumentException("stepTokens is " + stepTokens + "; expected 1 or more");
    }
  }
}
