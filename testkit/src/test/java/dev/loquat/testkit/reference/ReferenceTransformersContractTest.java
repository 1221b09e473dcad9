package dev.loquat.testkit.reference;

import dev.loquat.backend.BackendProvider;
import dev.loquat.device.Precision;
import dev.loquat.testkit.TransformersContract;

class ReferenceTransformersContractTest extends TransformersContract {

  @Override
  protected BackendProvider provider() {
    return new ReferenceBackendProvider();
  }

  /** Transformers' numbers are single precision, with five decimals. */
  @Override
  protected double tolerance(Precision precision) {
    return 5e-5;
  }
}
