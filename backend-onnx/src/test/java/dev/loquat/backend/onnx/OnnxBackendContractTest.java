package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

class OnnxBackendContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider();
  }
}
