package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

/** The contract by the runtime's Java API. */
class PinnedBackendContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider(RunMode.PINNED);
  }
}
