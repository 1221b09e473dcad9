package dev.loquat.internal.planning;

import dev.loquat.backend.CacheLayout;
import dev.loquat.device.Precision;

/**
 * What was asked for, as far as memory depends on it.
 *
 * @param precision the precision
 * @param layout batch and context length
 * @param stepTokens the most prompt tokens of a step
 * @param threads the threads of a CPU; 0 for the backend's choice
 */
public record PlanTerms(Precision precision, CacheLayout layout, int stepTokens, int threads) {

  PlanTerms withPrecision(Precision other) {
    return new PlanTerms(other, layout, stepTokens, threads);
  }

  PlanTerms withBatch(int slots) {
    return withLayout(slots, layout.contextLength());
  }

  PlanTerms withLayout(int slots, int contextLength) {
    return new PlanTerms(precision, new CacheLayout(slots, contextLength), stepTokens, threads);
  }
}
