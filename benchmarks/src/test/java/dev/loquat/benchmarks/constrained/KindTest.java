package dev.loquat.benchmarks.constrained;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KindTest {

  @ParameterizedTest
  @EnumSource(Kind.class)
  void isUnderstood(Kind kind) {
    assertThatCode(kind::compile).doesNotThrowAnyException();
  }
}
