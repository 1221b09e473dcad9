package dev.loquat.backend.djl;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.SmolLm2Contract;

class DjlSmolLm2ContractTest extends SmolLm2Contract {

  @Override
  protected BackendProvider provider() {
    return new DjlBackendProvider();
  }
}
