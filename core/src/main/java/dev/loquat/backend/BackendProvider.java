package dev.loquat.backend;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;

/**
 * A backend's entry, found by {@link java.util.ServiceLoader}.
 *
 * <p>Has a public constructor without arguments that touches no native library: only {@link
 * #supports}, {@link #estimate} and {@link #open} may. Safe for use by several threads. A provider
 * never throws where it can answer {@link Support#no}.
 */
public interface BackendProvider {

  /**
   * The name that callers choose the backend by.
   *
   * @return lower-case letters, digits and dashes, such as "onnx"; unique on the path
   */
  String name();

  /**
   * How much the backend wants to be chosen where several can do the job. The highest is taken, the
   * first by name among equals.
   *
   * @param device the device the model shall run on
   * @return any number; Loquat's own backends use 100 to 300
   */
  int priority(Device device);

  /**
   * Whether the backend can use a device of this machine, found by trying it where that is the only
   * way to know.
   *
   * @param device the device
   * @return supported, or the missing piece
   */
  Support supports(Device device);

  /**
   * Whether the backend can run a model on a device.
   *
   * @param model the model
   * @param device the device
   * @param precision the precision asked for, never {@link Precision#AUTO}; a backend that stores
   *     or computes in another one supports it and says so in {@link Backend#precision}
   * @return supported, or what it lacks
   */
  Support supports(ModelConfig model, Device device, Precision precision);

  /**
   * Whether the backend can compute everything in a half type, norms, softmax and logits, too.
   *
   * @param device the device
   * @return supported, or what it computes instead; by default not supported
   */
  default Support supportsPureHalf(Device device) {
    return Support.no("it computes norms, softmax and logits in FP32");
  }

  /**
   * Whether the backend can hold keys and values in a precision of the caller's.
   *
   * @param device the device
   * @param precision the precision of the model
   * @param cache what keys and values shall be held in, never {@link Precision#AUTO}
   * @return supported, or what it holds them in; by default not supported
   */
  default Support supportsCache(Device device, Precision precision, Precision cache) {
    return Support.no("it holds keys and values in a type of its own choice, not in " + cache);
  }

  /**
   * Refuses a KV cache that {@link #supportsCache} says no to. For {@link #open} to begin with.
   *
   * @param options what it is asked for
   * @throws BackendException if the cache's precision is neither {@link Precision#AUTO} nor
   *     supported
   */
  default void requireCache(BackendOptions options) {
    Precision cache = options.cachePrecision();
    if (cache != Precision.AUTO
        && supportsCache(options.device(), options.precision(), cache)
            instanceof Support.Unsupported unsupported) {
      throw new BackendException(
          "The backend '"
              + name()
              + "' can't hold the KV cache in "
              + cache
              + ": "
              + unsupported.reason()
              + ". Leave the cache's precision to the backend, or use another backend.");
    }
  }

  /**
   * Which precisions suit a model on a device best. May measure, for some tenths of a second; the
   * answer is kept as long as the process runs. By default FP32 on a CPU, elsewhere the half type
   * that is nearest to the checkpoint's, and FP32.
   *
   * @param checkpoint the checkpoint; stays the caller's
   * @param device the device, which {@link #supports(Device)} said yes to
   * @param threads how many threads a CPU computes with, or {@link BackendOptions#AUTO_THREADS}
   * @return the precisions, none less exact than FP16
   */
  default PrecisionAdvice advise(Checkpoint checkpoint, Device device, int threads) {
    return UsualPrecisions.of(checkpoint, device);
  }

  /**
   * What a model would take of a device, computed from the checkpoint's headers: no weight is read,
   * and no native library opened that {@link #supports} did not open. Called often, with many
   * layouts, to find out which of them fit. Unless a backend knows better, the least that any
   * takes.
   *
   * @param checkpoint the checkpoint; stays the caller's
   * @param options where and how it would be loaded
   * @param use how much it would do
   * @return the estimate
   */
  default MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return MemoryEstimate.least(checkpoint, options, use);
  }

  /**
   * Loads a model's weights onto a device.
   *
   * @param checkpoint the checkpoint; stays the caller's, who may close it once this returns
   * @param options where and how
   * @return the loaded model; the caller closes it
   * @throws BackendException if loading fails; nothing stays allocated then
   */
  Backend open(Checkpoint checkpoint, BackendOptions options);

  /**
   * Whether the backend can open a range of a model's layers, so that several devices share the
   * model. A backend that says yes overrides the {@code open} and, if it knows better, the {@code
   * estimate} of a range, and {@link DecoderSession#forward(ForwardBatch, HiddenStates)}.
   *
   * @return by default unsupported
   */
  default Support supportsParts() {
    return Support.no("it opens whole models only");
  }

  /**
   * What a range of a model's layers would take of a device. The embedding counts in the range with
   * the first layer, the final norm and the head in that with the last.
   *
   * @param checkpoint the checkpoint of the whole model; stays the caller's
   * @param range the layers
   * @param options where and how they would be loaded
   * @param use how much they would do
   * @return the estimate; by default the least that any backend takes
   * @see #estimate(Checkpoint, BackendOptions, PlannedUse)
   */
  default MemoryEstimate estimate(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    return MemoryEstimate.least(checkpoint, range, options, use);
  }

  /**
   * Loads a range of a model's layers onto a device: the embedding only with the first layer, the
   * final norm and the head only with the last.
   *
   * @param checkpoint the checkpoint of the whole model; stays the caller's, who may close it once
   *     this returns
   * @param range the layers
   * @param options where and how
   * @return the loaded part, whose sessions take steps with hidden states; the caller closes it
   * @throws BackendException if loading fails, or the backend can't open parts; nothing stays
   *     allocated then
   */
  default Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
    throw new BackendException(
        "The backend '"
            + name()
            + "' can't load layers "
            + range.first()
            + " to "
            + (range.end() - 1)
            + " alone: it opens whole models only. Load the model on one device, or choose another"
            + " backend.");
  }
}
