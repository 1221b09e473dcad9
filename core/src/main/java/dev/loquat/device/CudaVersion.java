package dev.loquat.device;

import com.sun.jna.ptr.IntByReference;
import java.util.List;
import java.util.Optional;

/** CUDA's versions, which its libraries tell as 1000 times the major plus 10 times the minor. */
final class CudaVersion {
  private static final List<String> LINUX_RUNTIMES =
      List.of("libcudart.so", "libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0");
  private static final List<String> WINDOWS_RUNTIMES =
      List.of("cudart64_13.dll", "cudart64_12.dll", "cudart64_110.dll");

  private CudaVersion() {}

  /** The version that a function of a library tells. */
  static String told(Driver library, String function) throws DriverException {
    IntByReference version = new IntByReference();
    library.call(function, version);
    int number = version.getValue();
    if (number < 1000) {
      throw new DriverException(function + " gave version " + number + "; expected 1000 or more");
    }
    return number / 1000 + "." + number % 1000 / 10;
  }

  /** The version of the runtime that the system's loader finds; empty if none. */
  static Optional<String> ofRuntime(Machine machine) {
    for (String name : machine.isWindows() ? WINDOWS_RUNTIMES : LINUX_RUNTIMES) {
      try {
        SharedLibrary runtime = machine.libraries().load(name);
        return Optional.of(
            told(new Driver(runtime, CudaErrors::describe), "cudaRuntimeGetVersion"));
      } catch (LibraryNotFoundException | DriverException e) {
        // Another version may be there.
      }
    }
    return Optional.empty();
  }
}
