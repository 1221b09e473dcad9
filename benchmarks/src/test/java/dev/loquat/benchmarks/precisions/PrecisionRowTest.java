package dev.loquat.benchmarks.precisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.benchmarks.parity.Quality;
import dev.loquat.device.Precision;
import org.junit.jupiter.api.Test;

class PrecisionRowTest {
  private static final PrecisionRow ROW =
      new PrecisionRow(
          "onnx",
          Precision.INT8,
          151_430_400,
          new Speed(427.1, 98.42),
          new Quality(235, 0.00375, 0.9744));

  @Test
  void isALineUnderItsHeading() {
    assertThat(ROW.markdown()).isEqualTo("| onnx | INT8 | 151 | 427 | 98.4 | 0.0038 | 97.4 % |");
    assertThat(PrecisionRow.heading().lines().map(PrecisionRowTest::columns))
        .containsOnly(columns(ROW.markdown()));
  }

  @Test
  void hasExactNumbersInJson() {
    assertThat(ROW.json())
        .hasToString(
            "{\"backend\":\"onnx\",\"precision\":\"INT8\",\"weightBytes\":151430400,"
                + "\"prefillTokensPerSecond\":427.1,\"decodeTokensPerSecond\":98.42,"
                + "\"positions\":235,\"meanKl\":0.00375,\"top1Agreement\":0.9744}");
  }

  private static long columns(String line) {
    return line.chars().filter(character -> character == '|').count();
  }
}
