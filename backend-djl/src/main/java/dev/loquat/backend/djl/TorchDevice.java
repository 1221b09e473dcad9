package dev.loquat.backend.djl;

import dev.loquat.device.Device;

/** How PyTorch names devices. */
final class TorchDevice {

  private TorchDevice() {}

  /** PyTorch's builds for ROCm call AMD's GPUs by CUDA's name. */
  static String name(Device device) {
    return switch (device.kind()) {
      case CPU -> "cpu";
      case CUDA, ROCM -> "cuda:" + device.index();
      case MPS -> "mps";
    };
  }

  /** What a machine needs for it beside the device. */
  static String requirement(Device device) {
    return switch (device.kind()) {
      case CPU -> "Every build of PyTorch computes on processors";
      case CUDA ->
          "It takes NVIDIA's driver and ai.djl.pytorch:pytorch-native-cu128:"
              + TorchInstallation.PYTORCH_VERSION
              + " on the path, or PYTORCH_LIBRARY_PATH at the folder of a PyTorch built for CUDA and"
              + " PYTORCH_FLAVOR=cu128";
      case ROCM ->
          "It takes AMD's driver and PYTORCH_LIBRARY_PATH at the folder of a PyTorch built for ROCm";
      case MPS ->
          "It takes an Apple processor and ai.djl.pytorch:pytorch-native-cpu:"
              + TorchInstallation.PYTORCH_VERSION
              + " with classifier osx-aarch64";
    };
  }
}
