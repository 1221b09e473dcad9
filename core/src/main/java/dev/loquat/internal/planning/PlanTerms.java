package dev.loquat.internal.planning;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.internal.discovery.BackendRegistry;
import dev.loquat.quantization.ConversionCache;

/**
 * What was asked for, as far as memory depends on it.
 *
 * @param precision the precision
 * @param layout batch and context length
 * @param stepTokens the most prompt tokens of a step
 * @param threads the threads of a CPU; 0 for the backend's choice
 * @param cachePrecision what keys and values shall be held in; {@link Precision#AUTO} for the
 *     backend's choice
 * @param conversionCache where converted weights are kept, which spares memory while they load
 */
public record PlanTerms(
    Precision precision,
    CacheLayout layout,
    int stepTokens,
    int threads,
    Precision cachePrecision,
    ConversionCache conversionCache) {

  /**
   * Terms that leave to the backend what keys and values are held in, and keep no converted
   * weights.
   *
   * @param precision the precision
   * @param layout batch and context length
   * @param stepTokens the most prompt tokens of a step
   * @param threads the threads of a CPU; 0 for the backend's choice
   */
  public PlanTerms(Precision precision, CacheLayout layout, int stepTokens, int threads) {
    this(precision, layout, stepTokens, threads, Precision.AUTO, ConversionCache.off());
  }

  /** Whether a backend has weights and keys and values of these precisions on a device. */
  boolean areSupported(BackendProvider provider, ModelConfig config, Device device) {
    return BackendRegistry.supports(provider, config, device, precision, cachePrecision)
        instanceof Support.Supported;
  }

  PlanTerms withPrecision(Precision other) {
    return new PlanTerms(other, layout, stepTokens, threads, cachePrecision, conversionCache);
  }

  PlanTerms withBatch(int slots) {
    return withLayout(slots, layout.contextLength());
  }

  PlanTerms withLayout(int slots, int contextLength) {
    CacheLayout other = new CacheLayout(slots, contextLength);
    return new PlanTerms(precision, other, stepTokens, threads, cachePrecision, conversionCache);
  }
}
