package dev.loquat.backend.djl;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import java.util.List;
import java.util.function.Predicate;

/**
 * The entry of the backend "djl": decoders on PyTorch, through DJL.
 *
 * <p>PyTorch's native library is an artifact of its own, {@code
 * ai.djl.pytorch:pytorch-native-cpu:2.7.1} with the platform as classifier; without it {@link
 * #supports(Device)} says so. It is loaded when a device is first asked for and stays loaded.
 * Nothing is ever downloaded.
 *
 * <p>Safe for use by several threads.
 */
public final class DjlBackendProvider implements BackendProvider {
  private static final int ONLY_CHOICE_PRIORITY = 300;
  private static final int PRIORITY = 100;

  private static final Support OFFLOAD =
      Support.no(
          "it holds weights in memory of its own, packed; use the backend 'onnx', which computes from"
              + " mapped files");

  private final TorchLibrary torch;
  private final Predicate<Device> draws;

  /** Creates it; loads nothing. */
  public DjlBackendProvider() {
    this(TorchInstallation.ofProcess());
  }

  DjlBackendProvider(TorchInstallation installation) {
    this(installation, device -> device.kind() != DeviceKind.CPU);
  }

  /** Draws tokens on other devices than usual, for tests. */
  DjlBackendProvider(TorchInstallation installation, Predicate<Device> draws) {
    this.torch = new TorchLibrary(installation);
    this.draws = draws;
  }

  @Override
  public String name() {
    return "djl";
  }

  @Override
  public int priority(Device device) {
    return switch (device.kind()) {
      case CPU, CUDA, DISK -> PRIORITY;
      case MPS, ROCM -> ONLY_CHOICE_PRIORITY;
    };
  }

  @Override
  public Support supports(Device device) {
    if (device.kind() == DeviceKind.DISK) {
      return OFFLOAD;
    }
    if (device.kind() == DeviceKind.CPU) {
      return torch.load();
    }
    return torch.computesOn(device);
  }

  /**
   * Every model that a {@link ModelConfig} describes, in every floating-point precision, and in
   * INT8 and INT4 on processors.
   */
  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    Support support = supports(device);
    return support instanceof Support.Supported
        ? Lowering.support(device, precision, Probe::multiplies)
        : support;
  }

  /** PyTorch has kernels for half precision on every device; on processors they are slow. */
  @Override
  public Support supportsPureHalf(Device device) {
    return supports(device);
  }

  /** Keys and values have the type of activations. */
  @Override
  public Support supportsCache(Device device, Precision precision, Precision cache) {
    Precision held = device.kind() == DeviceKind.CPU ? Precision.FP32 : precision;
    return cache == held
        ? Support.yes()
        : Support.no("it holds keys and values in " + held + " on " + device);
  }

  /**
   * On a processor, how long a product takes with weights in FP16 and in FP32 is measured, unless
   * FP32 holds the weights in 16 bits, too.
   */
  @Override
  public PrecisionAdvice advise(Checkpoint checkpoint, Device device, int threads) {
    if (device.kind() != DeviceKind.CPU) {
      return BackendProvider.super.advise(checkpoint, device, threads);
    }
    torch.require();
    TorchLibrary.enter(DjlBackend.threads(threads));
    return Lowering.keepsAllDigits(device, Precision.FP32, Probe::multiplies)
            && ShortWeights.of(checkpoint)
        ? new PrecisionAdvice(
            List.of(Precision.FP32, Precision.FP16),
            "FP32 keeps the checkpoint's 16 bits, and is as fast as FP16")
        : KernelRace.between(checkpoint.config());
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

  /** PyTorch must be loaded: kernels are tried to tell which one it would be. */
  @Override
  public MemoryEstimate estimate(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    torch.require();
    Lowering lowering = DjlBackend.lowering(checkpoint, options);
    return new DjlEstimate(checkpoint, range, options, lowering, use).estimate();
  }

  @Override
  public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
    if (options.device().kind() == DeviceKind.DISK) {
      throw new BackendException(
          "The backend 'djl' leaves no layers on disk: it holds weights in memory. Use 'onnx'.");
    }
    torch.require();
    if (Lowering.support(options.device(), options.precision(), Probe::multiplies)
        instanceof Support.Unsupported no) {
      throw new BackendException("The backend 'djl' can't load the model: " + no.reason());
    }
    requireCache(options);
    return DjlBackend.open(checkpoint, range, options, draws.test(options.device()));
  }
}
