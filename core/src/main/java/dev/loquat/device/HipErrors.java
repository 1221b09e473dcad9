package dev.loquat.device;

/**
 * The names of HIP's error codes ({@code hipError_t} in {@code hip_runtime_api.h}) that starting
 * the runtime can give, with what they mean to the owner of the machine.
 */
final class HipErrors {

  private HipErrors() {}

  static String describe(int code) {
    return name(code) + " (" + code + ")";
  }

  private static String name(int code) {
    return switch (code) {
      case 1 -> "hipErrorInvalidValue";
      case 2 -> "hipErrorOutOfMemory";
      case 3 -> "hipErrorNotInitialized: the amdgpu kernel driver isn't loaded or not accessible";
      case 35 -> "hipErrorInsufficientDriver: the kernel driver is too old";
      case 100 -> "hipErrorNoDevice: the runtime sees no GPU";
      case 101 -> "hipErrorInvalidDevice";
      case 304 -> "hipErrorOperatingSystem";
      case 999 -> "hipErrorUnknown";
      default -> "an error that hip_runtime_api.h explains";
    };
  }
}
