package dev.loquat.device;

/**
 * The names of NVML's error codes ({@code nvmlReturn_t} in {@code nvml.h}), with what they mean.
 */
final class NvmlErrors {

  private NvmlErrors() {}

  static String describe(int code) {
    return name(code) + " (" + code + ")";
  }

  private static String name(int code) {
    return switch (code) {
      case 1 -> "NVML_ERROR_UNINITIALIZED";
      case 2 -> "NVML_ERROR_INVALID_ARGUMENT";
      case 3 -> "NVML_ERROR_NOT_SUPPORTED: the GPU or its virtualization doesn't tell";
      case 4 -> "NVML_ERROR_NO_PERMISSION: this user may not ask";
      case 6 -> "NVML_ERROR_NOT_FOUND";
      case 9 -> "NVML_ERROR_DRIVER_NOT_LOADED: the NVIDIA kernel driver isn't running";
      case 13 -> "NVML_ERROR_FUNCTION_NOT_FOUND: the driver is older than the library";
      case 15 ->
          "NVML_ERROR_GPU_IS_LOST: the GPU fell off the bus or was reset; restart the machine";
      case 18 -> "NVML_ERROR_LIB_RM_VERSION_MISMATCH: kernel module and library differ in version";
      default -> "an error that nvml.h explains";
    };
  }
}
