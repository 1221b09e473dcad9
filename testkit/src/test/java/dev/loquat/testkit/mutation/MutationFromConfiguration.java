package dev.loquat.testkit.mutation;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a contract the mutation that the run's configuration names; skips it where none is. */
final class MutationFromConfiguration implements ParameterResolver, ExecutionCondition {
  static final String KEY = "loquat.mutation";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return context.getConfigurationParameter(KEY).isPresent()
        ? ConditionEvaluationResult.enabled("a mutation is named")
        : ConditionEvaluationResult.disabled("run by BackendContractMutationTest");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Mutation.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Mutation.valueOf(context.getConfigurationParameter(KEY).orElseThrow());
  }
}
