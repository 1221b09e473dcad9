package dev.loquat.docs;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

class MyBackendContractTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new MyBackendProvider();
  }
}
