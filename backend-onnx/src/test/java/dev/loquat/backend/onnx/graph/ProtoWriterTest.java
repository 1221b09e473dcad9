package dev.loquat.backend.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Expected bytes are those of the encoding guide's examples, or follow from its rules. */
class ProtoWriterTest {

  @Test
  void writesSmallIntegersInOneByte() {
    assertThat(hex(new ProtoWriter().integer(1, 127))).isEqualTo("087f");
  }

  @Test
  void writesGuidesInteger() {
    assertThat(hex(new ProtoWriter().integer(1, 150))).isEqualTo("089601");
  }

  @Test
  void writesNegativeIntegersInTenBytes() {
    assertThat(hex(new ProtoWriter().integer(1, -1))).isEqualTo("08ffffffffffffffffff01");
  }

  @Test
  void writesFieldNumbersAboveFifteenInTwoBytes() {
    assertThat(hex(new ProtoWriter().integer(20, 1))).isEqualTo("a00101");
  }

  @Test
  void writesGuidesText() {
    assertThat(hex(new ProtoWriter().text(2, "testing"))).isEqualTo("120774657374696e67");
  }

  @Test
  void writesTextInUtf8() {
    assertThat(hex(new ProtoWriter().text(2, "é"))).isEqualTo("1202c3a9");
  }

  @Test
  void writesSinglePrecisionLittleEndian() {
    assertThat(hex(new ProtoWriter().single(2, 1f))).isEqualTo("150000803f");
  }

  @Test
  void nestsGuidesMessage() {
    ProtoWriter inner = new ProtoWriter().integer(1, 150);
    assertThat(hex(new ProtoWriter().message(3, inner))).isEqualTo("1a03089601");
  }

  private static String hex(ProtoWriter message) {
    return HexFormat.of().formatHex(message.toByteArray());
  }
}
