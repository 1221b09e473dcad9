package dev.loquat.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HalfPrecisionTest {

  @Test
  void widensAllValuesExactly() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float widened = HalfPrecision.toFloat((short) bits);
      assertThat(Float.floatToIntBits(widened))
          .as("0x%04x", bits)
          .isEqualTo(Float.floatToIntBits(byDefinition(bits)));
    }
  }

  @Test
  void keepsTheSignOfZero() {
    assertThat(Float.floatToRawIntBits(HalfPrecision.toFloat((short) 0x8000)))
        .isEqualTo(0x8000_0000);
    assertThat(Float.floatToRawIntBits(HalfPrecision.toFloat((short) 0))).isZero();
  }

  /** IEEE 754-2019, 3.4: the value of an encoding of binary16. */
  private static float byDefinition(int bits) {
    int exponent = (bits >> 10) % 32;
    double fraction = (bits % 1024) / 1024.0;
    double sign = bits < 0x8000 ? 1 : -1;
    if (exponent == 31) {
      return fraction == 0 ? (float) (sign * Double.POSITIVE_INFINITY) : Float.NaN;
    }
    return (float)
        (exponent == 0
            ? sign * Math.pow(2, -14) * fraction
            : sign * Math.pow(2, exponent - 15) * (1 + fraction));
  }
}
