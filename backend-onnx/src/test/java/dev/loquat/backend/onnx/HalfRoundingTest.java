package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.onnx.graph.OnnxType;
import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfRoundingTest {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** Each number of a type, with those of single precision around the middle to the next one. */
  @ParameterizedTest
  @CsvSource({"FLOAT16, 10, 15, 31", "BFLOAT16, 7, 127, 255"})
  void goesToTheNearestAndToEvenBetweenTwo(
      OnnxType type, int fraction, int bias, int infiniteExponent) {
    int infinity = infiniteExponent << fraction;
    for (int below = 0; below < infinity; below++) {
      BigDecimal middle =
          number(below, fraction, bias).add(number(below + 1, fraction, bias)).divide(TWO);
      float tie = middle.floatValue();
      int even = below + (below & 1);
      assertThat(rounded(type, tie)).isEqualTo(even);
      assertThat(rounded(type, Math.nextDown(tie))).isEqualTo(below);
      assertThat(rounded(type, Math.nextUp(tie))).isEqualTo(below + 1);
      assertThat(rounded(type, -tie)).isEqualTo(even | 0x8000);
    }
  }

  private static int rounded(OnnxType type, float number) {
    return RoundedWeights.rounded(type, number) & 0xffff;
  }

  /** What bits mean, were there no infinity. */
  private static BigDecimal number(int bits, int fraction, int bias) {
    int exponent = bits >> fraction;
    int digits = bits & ((1 << fraction) - 1);
    int significant = exponent == 0 ? digits : digits + (1 << fraction);
    int power = Math.max(exponent, 1) - bias - fraction;
    BigDecimal scale = TWO.pow(Math.abs(power));
    return power < 0
        ? BigDecimal.valueOf(significant).divide(scale)
        : BigDecimal.valueOf(significant).multiply(scale);
  }
}
