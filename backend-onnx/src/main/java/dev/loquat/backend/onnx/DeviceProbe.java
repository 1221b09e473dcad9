package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import com.sun.jna.Native;
import dev.loquat.backend.Support;
import dev.loquat.device.Device;

/** Whether the runtime can use a device, found by trying. */
final class DeviceProbe {
  private DeviceProbe() {}

  static Support of(Device device) {
    return switch (device.kind()) {
      case CPU, DISK -> libraries();
      case CUDA -> cuda(device);
      case ROCM -> Support.no("ONNX Runtime's Java artifacts have no ROCm; use the DJL backend");
      case MPS ->
          Support.no(
              "ONNX Runtime reaches Apple GPUs only through CoreML, which has no kernels for this"
                  + " backend's attention; use the CPU or the DJL backend");
    };
  }

  private static Support libraries() {
    try {
      Runtimes.environment();
      Native.getNativeSize(int.class);
      return Support.yes();
    } catch (LinkageError e) {
      return Support.no("ONNX Runtime's native library does not load: " + rootMessage(e));
    }
  }

  private static Support cuda(Device device) {
    Support libraries = libraries();
    if (!(libraries instanceof Support.Supported)) {
      return libraries;
    }
    try (SessionOptions options = new SessionOptions();
        OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
      options.addCUDA(cuda);
      return Support.yes();
    } catch (OrtException e) {
      boolean compiledIn = OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
      return Support.no(CudaShortage.of(String.valueOf(e.getMessage()), compiledIn));
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }
}
