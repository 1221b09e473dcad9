package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PrecisionTest {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** The largest number is all ones, so that the tie above it is rounded up, to the next power. */
  @ParameterizedTest
  @CsvSource({"FP16, 11, 15", "BF16, 8, 127"})
  void rangesEndBelowTheTieAboveTheLargestNumber(Precision half, int bits, int exponent) {
    BigDecimal largest =
        TWO.pow(bits).subtract(BigDecimal.ONE).multiply(TWO.pow(exponent - bits + 1));
    BigDecimal tie = largest.add(TWO.pow(exponent - bits));
    assertThat(new BigDecimal(half.largestNumber())).isEqualByComparingTo(largest);
    assertThat(new BigDecimal(half.largestRounded())).isLessThan(tie);
    assertThat(new BigDecimal(Math.nextUp(half.largestRounded()))).isEqualByComparingTo(tie);
  }

  @Test
  void bf16IsTheUpperHalfOfSinglePrecision() {
    assertThat(Float.floatToIntBits(Precision.BF16.largestNumber())).isEqualTo(0x7F7F0000);
    assertThat(Float.floatToIntBits(Precision.BF16.largestRounded())).isEqualTo(0x7F7F7FFF);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FP16", "BF16"})
  void othersHoldAllOfSinglePrecision(Precision precision) {
    assertThat(precision.largestNumber()).isEqualTo(Float.MAX_VALUE);
    assertThat(precision.largestRounded()).isEqualTo(Float.MAX_VALUE);
  }
}
