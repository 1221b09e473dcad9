package dev.loquat.backend.djl;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

/** The contract where tokens are drawn as on GPUs. */
class DjlDrawContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new DjlBackendProvider(TorchInstallation.ofProcess(), device -> true);
  }
}
