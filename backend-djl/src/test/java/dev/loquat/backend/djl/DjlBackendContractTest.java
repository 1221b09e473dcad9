package dev.loquat.backend.djl;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

class DjlBackendContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new DjlBackendProvider();
  }
}
