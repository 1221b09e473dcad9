package dev.loquat.testkit.mutation;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a contract the mutation that the run's configuration names. */
final class MutationFromConfiguration implements ParameterResolver {
  static final String KEY = "loquat.mutation";

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Mutation.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Mutation.valueOf(context.getConfigurationParameter(KEY).orElseThrow());
  }
}
