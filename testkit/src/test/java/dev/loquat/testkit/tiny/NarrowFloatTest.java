package dev.loquat.testkit.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NarrowFloatTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0000",
    "-0.0, 8000",
    "1, 3c00",
    "-2, c000",
    "0.1, 2e66",
    "0.33333334, 3555",
    "65504, 7bff",
    "0x1p-14, 0400",
    "0x1p-24, 0001",
    "0x0.fffp-14, 0400",
    "0x1p-25, 0000"
  })
  void roundsToHalfPrecision(String value, String bits) {
    assertThat(hex(NarrowFloat.half(Float.parseFloat(value)))).isEqualTo(bits);
  }

  @ParameterizedTest
  @CsvSource({"0, 0000", "1, 3f80", "-2, c000", "0.1, 3dcd", "3.1415927, 4049"})
  void roundsToBrainFloat(float value, String bits) {
    assertThat(hex(NarrowFloat.brain(value))).isEqualTo(bits);
  }

  @Test
  void roundsTiesToEven() {
    assertThat(hex(NarrowFloat.half(1 + 0x1p-11f))).isEqualTo("3c00");
    assertThat(hex(NarrowFloat.half(1 + 0x3p-11f))).isEqualTo("3c02");
    assertThat(hex(NarrowFloat.brain(1 + 0x1p-8f))).isEqualTo("3f80");
    assertThat(hex(NarrowFloat.brain(1 + 0x3p-8f))).isEqualTo("3f82");
  }

  @ParameterizedTest
  @ValueSource(floats = {65520, -65520, Float.POSITIVE_INFINITY, Float.NaN})
  void refusesWhatHalfPrecisionCannotHold(float value) {
    assertThatThrownBy(() -> NarrowFloat.half(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(value + "; expected less than 65520.0");
  }

  private static String hex(short bits) {
    return String.format("%04x", bits);
  }
}
