package dev.loquat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {

  @Test
  void givesTheMiddleOfNumbersInAnyOrder() {
    assertThat(Median.of(List.of(5.0, 1.0, 3.0))).isEqualTo(3);
    assertThat(Median.of(List.of("aaaa", "a", "aa", "aaa"), String::length)).isEqualTo(3);
  }

  @Test
  void hasANumberForNothing() {
    assertThat(Median.of(List.of())).isEqualTo(-1);
  }
}
