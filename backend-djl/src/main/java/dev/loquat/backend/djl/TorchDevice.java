package dev.loquat.backend.djl;

import dev.loquat.device.Device;

/** How PyTorch names devices. */
final class TorchDevice {

  private TorchDevice() {}

  /** PyTorch's builds for ROCm call AMD's GPUs by CUDA's name. */
  static String name(Device device) {
    return switch (device.kind()) {
      case CPU, DISK -> "cpu";
      case CUDA, ROCM -> "cuda:" + device.index();
      case MPS -> "mps";
    };
  }

  /** What a machine needs for it beside the device. */
  static String requirement(Device device) {
    return switch (device.kind()) {
      case CPU, DISK -> "no more than any build of PyTorch";
      case CUDA ->
          "ai.djl.pytorch:pytorch-native-cu128:"
              + TorchInstallation.PYTORCH_VERSION
              + " on the path, or PYTORCH_LIBRARY_PATH at the folder of a PyTorch built for CUDA and"
              + " PYTORCH_FLAVOR=cu128, and NVIDIA's driver";
      case ROCM ->
          "PYTORCH_LIBRARY_PATH at the folder of a PyTorch built for ROCm, and AMD's driver";
      case MPS ->
          "ai.djl.pytorch:pytorch-native-cpu:"
              + TorchInstallation.PYTORCH_VERSION
              + " with classifier osx-aarch64, and an Apple processor";
    };
  }
}
