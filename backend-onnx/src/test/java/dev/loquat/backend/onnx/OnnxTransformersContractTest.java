package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.TransformersContract;

class OnnxTransformersContractTest extends TransformersContract {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider();
  }
}
