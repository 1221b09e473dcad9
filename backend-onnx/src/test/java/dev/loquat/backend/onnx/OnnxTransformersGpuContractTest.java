package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.device.Device;
import dev.loquat.testkit.TransformersContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class OnnxTransformersGpuContractTest extends TransformersContract {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider();
  }

  @Override
  protected Device device() {
    return Device.cuda(0);
  }

  @Override
  protected boolean demandsDevice() {
    return true;
  }
}
