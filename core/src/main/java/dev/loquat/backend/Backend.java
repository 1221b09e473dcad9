package dev.loquat.backend;

import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.quantization.ConversionReport;
import java.util.Optional;

/**
 * A model loaded onto a device. Owns its weights until {@link #close}; closes sessions that are
 * still open then.
 *
 * <p>Confined: used by one thread at a time.
 */
public interface Backend extends AutoCloseable {

  /**
   * What became of the precision asked for.
   *
   * @return requested, stored and computed precision
   */
  EffectivePrecision precision();

  /**
   * What keys and values are held in.
   *
   * @return the precision; by default FP32
   */
  default Precision cachePrecision() {
    return Precision.FP32;
  }

  /**
   * How weights were converted that are kept from one start to the next: those of a quantized
   * precision, or rounded ones.
   *
   * @return the report; empty where none were
   */
  default Optional<ConversionReport> conversion() {
    return Optional.empty();
  }

  /**
   * Opens a session with a KV cache of its own. Memory for the cache may be taken as sequences
   * grow, up to the layout.
   *
   * @param layout the cache's slots
   * @return the session; the caller closes it
   * @throws dev.loquat.error.BackendException if the device has not enough memory
   */
  DecoderSession openSession(CacheLayout layout);

  /**
   * The bytes that weights, KV caches and buffers of this model take on the device now, as far as
   * the backend counts them. Asked after every step, so it must take no more than a microsecond.
   *
   * @return 0 or more; 0 once closed
   */
  long allocatedBytes();

  /**
   * What of {@link #allocatedBytes} is for what. What sequences no longer need counts as KV cache.
   * By default nothing is told.
   *
   * @return numbers that add up to {@link #allocatedBytes} where all are known
   */
  default OwnedMemory ownedMemory() {
    return OwnedMemory.UNTOLD;
  }

  /** Gives memory back to the device that was kept for reuse. Sessions stay usable. */
  void emptyCache();

  /** Gives everything back. A second call does nothing. */
  @Override
  void close();
}
