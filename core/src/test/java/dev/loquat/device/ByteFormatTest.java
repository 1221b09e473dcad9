package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteFormatTest {
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "-1, unknown",
    "0, 0 bytes",
    "1023, 1023 bytes",
    "1024, 1.0 KiB",
    "123456789, 117.7 MiB",
    "1073741823, 1.0 GiB",
    "5368709120, 5.0 GiB",
    "4503599627370496, 4194304.0 GiB"
  })
  void choosesUnitBySize(long bytes, String text) {
    assertThat(ByteFormat.text(bytes)).isEqualTo(text);
  }

  @Test
  void writesColumnsInMebibytes() {
    assertThat(ByteFormat.mebibytes(3 * GIB / 2)).isEqualTo("1536.0");
  }

  @Test
  void keepsOneDecimalWhereThatTellsSizesApart() {
    ByteFormat format = ByteFormat.apart(123_456_789, 100_000_000, 100_000_000);

    assertThat(format.of(123_456_789)).isEqualTo("117.7 MiB");
    assertThat(format.of(100_000_000)).isEqualTo("95.4 MiB");
  }

  @Test
  void takesAsManyDecimalsAsTellSizesApart() {
    ByteFormat format = ByteFormat.apart(GIB, GIB + GIB / 100);

    assertThat(format.of(GIB)).isEqualTo("1.00 GiB");
    assertThat(format.of(GIB + GIB / 100)).isEqualTo("1.01 GiB");
  }

  @Test
  void writesBytesWhereDecimalsDoNotTellSizesApart() {
    ByteFormat format = ByteFormat.apart(GIB, GIB - 1);

    assertThat(format.of(GIB)).isEqualTo("1073741824 bytes");
    assertThat(format.of(GIB - 1)).isEqualTo("1073741823 bytes");
  }
}
