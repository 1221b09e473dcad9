package dev.loquat.testkit.mutation;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract of the mutation that the run's configuration names. Run by a test, not alone. */
@ExtendWith(MutatedContract.FromConfiguration.class)
class MutatedContract extends BackendContract {
  static final String MUTATION = "loquat.mutation";

  private final Mutation mutation;

  MutatedContract(Mutation mutation) {
    this.mutation = mutation;
  }

  @Override
  protected BackendProvider provider() {
    return mutation.provider();
  }

  static final class FromConfiguration implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getDeclaringExecutable().getDeclaringClass() == MutatedContract.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return Mutation.valueOf(context.getConfigurationParameter(MUTATION).orElseThrow());
    }
  }
}
