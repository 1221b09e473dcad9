package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.SmolLm2Contract;

class OnnxSmolLm2ContractTest extends SmolLm2Contract {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider();
  }
}
