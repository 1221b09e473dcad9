package dev.loquat.backend;

import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.quantization.ConversionCache;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Where and how a backend loads a model.
 *
 * @param device the device
 * @param precision the precision asked for
 * @param threads how many threads a CPU computes with; {@link #AUTO_THREADS} lets the backend
 *     choose
 * @param conversionCache where weights are kept that were converted to the precision
 * @param ledger where sessions account for their KV caches before they allocate them, which it may
 *     refuse
 * @param half what FP16 and BF16 mean
 * @param cachePrecision what keys and values shall be held in; {@link Precision#AUTO} leaves it to
 *     the backend
 * @param afterLoad runs what makes steps faster and need not be done before the first one, such as
 *     gathering memory; at once by default. It may run on another thread, while steps run
 */
public record BackendOptions(
    Device device,
    Precision precision,
    int threads,
    ConversionCache conversionCache,
    MemoryLedger ledger,
    HalfPrecision half,
    Precision cachePrecision,
    Executor afterLoad) {
  /** Lets the backend choose the number of threads. */
  public static final int AUTO_THREADS = 0;

  /** Checks the number of threads. */
  public BackendOptions {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(conversionCache, "conversionCache");
    Objects.requireNonNull(ledger, "ledger");
    Objects.requireNonNull(half, "half");
    Objects.requireNonNull(cachePrecision, "cachePrecision");
    Objects.requireNonNull(afterLoad, "afterLoad");
    if (precision == Precision.AUTO) {
      throw new IllegalArgumentException(
          "precision is AUTO; expected one that was chosen, as BackendProvider.advise helps to");
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads is " + threads + "; expected 0 (auto) or more");
    }
  }

  /**
   * Options that have everything done before the load ends.
   *
   * @param device the device
   * @param precision the precision asked for
   * @param threads how many threads a CPU computes with, or {@link #AUTO_THREADS}
   * @param conversionCache where converted weights are kept
   * @param ledger where sessions account for their KV caches
   * @param half what FP16 and BF16 mean
   * @param cachePrecision what keys and values shall be held in
   */
  public BackendOptions(
      Device device,
      Precision precision,
      int threads,
      ConversionCache conversionCache,
      MemoryLedger ledger,
      HalfPrecision half,
      Precision cachePrecision) {
    this(device, precision, threads, conversionCache, ledger, half, cachePrecision, Runnable::run);
  }

  /**
   * Options with mixed precision.
   *
   * @param device the device
   * @param precision the precision asked for
   * @param threads how many threads a CPU computes with, or {@link #AUTO_THREADS}
   * @param conversionCache where converted weights are kept
   * @param ledger where sessions account for their KV caches
   */
  public BackendOptions(
      Device device,
      Precision precision,
      int threads,
      ConversionCache conversionCache,
      MemoryLedger ledger) {
    this(device, precision, threads, conversionCache, ledger, HalfPrecision.MIXED, Precision.AUTO);
  }

  /**
   * Options without a cache of converted weights and without a limit of memory.
   *
   * @param device the device
   * @param precision the precision asked for
   * @param threads how many threads a CPU computes with, or {@link #AUTO_THREADS}
   */
  public BackendOptions(Device device, Precision precision, int threads) {
    this(device, precision, threads, ConversionCache.off(), MemoryLedger.unlimited());
  }

  /**
   * Options without a limit of memory.
   *
   * @param device the device
   * @param precision the precision asked for
   * @param threads how many threads a CPU computes with, or {@link #AUTO_THREADS}
   * @param conversionCache where converted weights are kept
   */
  public BackendOptions(
      Device device, Precision precision, int threads, ConversionCache conversionCache) {
    this(device, precision, threads, conversionCache, MemoryLedger.unlimited());
  }

  /**
   * The same options with another meaning of FP16 and BF16.
   *
   * @param other what they mean
   * @return the options
   */
  public BackendOptions withHalf(HalfPrecision other) {
    return new BackendOptions(
        device, precision, threads, conversionCache, ledger, other, cachePrecision, afterLoad);
  }

  /**
   * The same options with keys and values held in another precision.
   *
   * @param other what they shall be held in
   * @return the options
   */
  public BackendOptions withCachePrecision(Precision other) {
    return new BackendOptions(
        device, precision, threads, conversionCache, ledger, half, other, afterLoad);
  }

  /**
   * The same options with another time for what need not be done before the first step.
   *
   * @param other runs it
   * @return the options
   */
  public BackendOptions withAfterLoad(Executor other) {
    return new BackendOptions(
        device, precision, threads, conversionCache, ledger, half, cachePrecision, other);
  }
}
