package dev.loquat.testkit.mutation;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract of the mutation that the run's configuration names. Run by a test, not alone. */
@ExtendWith(MutationFromConfiguration.class)
class MutatedContract extends BackendContract {
  private final Mutation mutation;

  MutatedContract(Mutation mutation) {
    this.mutation = mutation;
  }

  @Override
  protected BackendProvider provider() {
    return mutation.provider();
  }
}
