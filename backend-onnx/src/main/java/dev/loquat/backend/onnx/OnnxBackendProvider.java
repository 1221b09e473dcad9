package dev.loquat.backend.onnx;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;

/**
 * Runs models with ONNX Runtime, on the CPU and, with the artifact {@code onnxruntime_gpu}, on
 * NVIDIA GPUs.
 *
 * <p>Safe for use by several threads.
 */
public final class OnnxBackendProvider implements BackendProvider {
  private static final int PRIORITY = 200;

  private final RunMode mode;

  /** Creates the provider. No native library is loaded. */
  public OnnxBackendProvider() {
    this(RunMode.AUTO);
  }

  OnnxBackendProvider(RunMode mode) {
    this.mode = mode;
  }

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public int priority(Device device) {
    return PRIORITY;
  }

  @Override
  public Support supports(Device device) {
    Support artifact = RuntimeArtifact.check();
    return artifact instanceof Support.Supported ? DeviceProbe.of(device) : artifact;
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    Support onDevice = supports(device);
    if (device.kind() == DeviceKind.DISK && precision.isQuantized()) {
      return Support.no(
          "layers on disk are multiplied unpacked, and unpacked blocks take seventy times as long;"
              + " choose FP32, FP16 or BF16");
    }
    return onDevice instanceof Support.Supported ? ModelSupport.of(model) : onDevice;
  }

  /** The type of activations and FP16, and on a processor INT8. */
  @Override
  public Support supportsCache(Device device, Precision precision, Precision cache) {
    return Precisions.supportsCache(device, precision, cache);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return estimate(checkpoint, LayerRange.all(checkpoint.config()), options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return open(checkpoint, LayerRange.all(checkpoint.config()), options);
  }

  @Override
  public Support supportsParts() {
    return Support.yes();
  }

  @Override
  public MemoryEstimate estimate(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    return new OnnxEstimate(checkpoint, range, options, use).estimate();
  }

  @Override
  public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
    Support support = supports(checkpoint.config(), options.device(), options.precision());
    if (support instanceof Support.Unsupported unsupported) {
      throw new BackendException(
          "The backend 'onnx' can't run the model on "
              + options.device()
              + ": "
              + unsupported.reason());
    }
    requireCache(options);
    return new ModelLoad(checkpoint, range, options, mode).run();
  }
}
