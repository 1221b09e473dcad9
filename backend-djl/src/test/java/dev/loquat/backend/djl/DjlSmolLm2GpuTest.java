package dev.loquat.backend.djl;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.SmolLm2GpuContract;

class DjlSmolLm2GpuTest extends SmolLm2GpuContract {

  @Override
  protected BackendProvider provider() {
    return new DjlBackendProvider();
  }
}
