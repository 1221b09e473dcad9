package dev.loquat.device;

/**
 * The names of CUDA's error codes ({@code CUresult} in {@code cuda.h}) that starting a driver can
 * give, with what they mean to the owner of the machine.
 *
 * <p>Kept here because a driver that can't start can't always name its errors.
 */
final class CudaErrors {

  private CudaErrors() {}

  static String describe(int code) {
    return name(code) + " (" + code + ")";
  }

  private static String name(int code) {
    return switch (code) {
      case 1 -> "CUDA_ERROR_INVALID_VALUE";
      case 2 -> "CUDA_ERROR_OUT_OF_MEMORY";
      case 3 -> "CUDA_ERROR_NOT_INITIALIZED";
      case 34 -> "CUDA_ERROR_STUB_LIBRARY: the toolkit's stub is loaded, not a driver's libcuda";
      case 46 -> "CUDA_ERROR_DEVICE_UNAVAILABLE: another process holds the GPU exclusively";
      case 100 -> "CUDA_ERROR_NO_DEVICE: the driver sees no GPU";
      case 101 -> "CUDA_ERROR_INVALID_DEVICE";
      case 304 -> "CUDA_ERROR_OPERATING_SYSTEM";
      case 802 -> "CUDA_ERROR_SYSTEM_NOT_READY: the NVSwitch fabric manager isn't running";
      case 803 -> "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: kernel module and libcuda differ in version";
      case 804 -> "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE: libcuda is newer than the driver";
      case 999 -> "CUDA_ERROR_UNKNOWN";
      default -> "an error that cuda.h explains";
    };
  }
}
