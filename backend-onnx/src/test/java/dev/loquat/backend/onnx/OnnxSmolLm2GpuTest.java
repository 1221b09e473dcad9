package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.SmolLm2GpuContract;

class OnnxSmolLm2GpuTest extends SmolLm2GpuContract {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider();
  }
}
