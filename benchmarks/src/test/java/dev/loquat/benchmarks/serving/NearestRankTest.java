package dev.loquat.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestRankTest {

  @Test
  void givesTheValueThatSoManyPercentDoNotExceed() {
    List<Double> values = IntStream.rangeClosed(1, 200).mapToObj(i -> 201.0 - i).toList();
    assertThat(NearestRank.of(values, 99)).isEqualTo(198);
    assertThat(NearestRank.of(List.of(4.0), 1)).isEqualTo(4);
    assertThat(NearestRank.of(List.of(), 99)).isEqualTo(-1);
  }
}
