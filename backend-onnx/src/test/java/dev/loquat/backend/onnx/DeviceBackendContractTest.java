package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

/** The contract with caches and logits from the runtime's allocator, as on GPUs. */
class DeviceBackendContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider(RunMode.ON_DEVICE);
  }
}
