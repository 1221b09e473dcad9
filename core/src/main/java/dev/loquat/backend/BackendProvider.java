package dev.loquat.backend;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;

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
   * @throws dev.loquat.error.BackendException if loading fails; nothing stays allocated then
   */
  Backend open(Checkpoint checkpoint, BackendOptions options);
}
