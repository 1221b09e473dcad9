package dev.loquat.testkit.mutation;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.TransformersContract;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract with transformers of the mutation that the run's configuration names. Run by a test,
 * not alone.
 */
@ExtendWith(MutationFromConfiguration.class)
class MutatedTransformersContract extends TransformersContract {
  private final Mutation mutation;

  MutatedTransformersContract(Mutation mutation) {
    this.mutation = mutation;
  }

  @Override
  protected BackendProvider provider() {
    return mutation.provider();
  }
}
