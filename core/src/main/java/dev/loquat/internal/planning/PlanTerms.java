package dev.loquat.internal.planning;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;

/**
 * What was asked for, as far as memory depends on it.
 *
 * @param precision the precision
 * @param layout batch and context length
 * @param stepTokens the most prompt tokens of a step
 * @param threads the threads of a CPU; 0 for the backend's choice
 * @param cachePrecision what keys and values shall be held in; {@link Precision#AUTO} for the
 *     backend's choice
 */
public record PlanTerms(
    Precision precision,
    CacheLayout layout,
    int stepTokens,
    int threads,
    Precision cachePrecision) {

  /**
   * Terms that leave to the backend what keys and values are held in.
   *
   * @param precision the precision
   * @param layout batch and context length
   * @param stepTokens the most prompt tokens of a step
   * @param threads the threads of a CPU; 0 for the backend's choice
   */
  public PlanTerms(Precision precision, CacheLayout layout, int stepTokens, int threads) {
    this(precision, layout, stepTokens, threads, Precision.AUTO);
  }

  /** Whether a backend has weights and keys and values of these precisions on a device. */
  boolean areSupported(BackendProvider provider, ModelConfig config, Device device) {
    return provider.supports(config, device, precision) instanceof Support.Supported
        && (cachePrecision == Precision.AUTO
            || provider.supportsCache(device, precision, cachePrecision)
                instanceof Support.Supported);
  }

  PlanTerms withPrecision(Precision other) {
    return new PlanTerms(other, layout, stepTokens, threads, cachePrecision);
  }

  PlanTerms withBatch(int slots) {
    return withLayout(slots, layout.contextLength());
  }

  PlanTerms withLayout(int slots, int contextLength) {
    CacheLayout other = new CacheLayout(slots, contextLength);
    return new PlanTerms(precision, other, stepTokens, threads, cachePrecision);
  }
}
