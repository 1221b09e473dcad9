package dev.loquat.testkit.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.loquat.testkit.BackendContract;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class BackendContractMutationTest {

  @Test
  void rightBackendFailsOnlyForBeingAnAnonymousDecorator() {
    assertThat(failures(Mutation.NONE, selectClass(MutatedContract.class)))
        .containsExactlyInAnyOrder(
            "hasPublicConstructorWithoutArguments", "isFoundByServiceLoaderUnderItsName");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void contractNotices(Mutation mutation) {
    Method noticing = contractMethod(mutation.noticedBy());
    assertThat(failures(mutation, selectMethod(MutatedContract.class, noticing)))
        .containsExactly(mutation.noticedBy());
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "READS_THE_NEXT_ROW",
        "FORGETS_FIRST_POSITION",
        "OVERLOOKS_SLIDING_WINDOW",
        "OVERLOOKS_INPUT_BIAS",
        "OVERLOOKS_ROTARY_SCALING",
        "OVERLOOKS_MLP_BIAS"
      })
  void contractWithTransformersNotices(Mutation mutation) {
    assertThat(failures(mutation, selectClass(MutatedTransformersContract.class))).isNotEmpty();
  }

  @Test
  void rightBackendAgreesWithTransformers() {
    assertThat(failures(Mutation.NONE, selectClass(MutatedTransformersContract.class))).isEmpty();
  }

  private static Set<String> failures(Mutation mutation, DiscoverySelector tests) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter(MutationFromConfiguration.KEY, mutation.name())
        .selectors(tests)
        .execute()
        .testEvents()
        .failed()
        .map(BackendContractMutationTest::testName)
        .collect(Collectors.toSet());
  }

  private static String testName(Event event) {
    return event
        .getTestDescriptor()
        .getSource()
        .map(source -> ((MethodSource) source).getMethodName())
        .orElseThrow();
  }

  private static Method contractMethod(String name) {
    return Stream.<Class<?>>iterate(BackendContract.class, Class::getSuperclass)
        .takeWhile(type -> type != Object.class)
        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
