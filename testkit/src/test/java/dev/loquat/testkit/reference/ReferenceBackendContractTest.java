package dev.loquat.testkit.reference;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

class ReferenceBackendContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new ReferenceBackendProvider();
  }
}
