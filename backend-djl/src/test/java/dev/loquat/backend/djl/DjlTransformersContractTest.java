package dev.loquat.backend.djl;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.TransformersContract;

class DjlTransformersContractTest extends TransformersContract {

  @Override
  protected BackendProvider provider() {
    return new DjlBackendProvider();
  }
}
