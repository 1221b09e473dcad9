package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.device.Device;
import dev.loquat.testkit.BackendContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class OnnxGpuContractTest extends BackendContract {

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
