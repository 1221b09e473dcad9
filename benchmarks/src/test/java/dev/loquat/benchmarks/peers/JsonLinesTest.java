package dev.loquat.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class JsonLinesTest {

  @Test
  void findsTheObjectAmongOtherLines() {
    assertThat(JsonLines.number("loading\n{\"speed\": 1.5}\n", "speed")).isEqualTo(1.5);
  }

  @Test
  void readsEveryMeasureByItsName() {
    String line = "{\"prefill\":1,\"decode\":2,\"decodeTogether\":3,\"decodeAtContext\":4}";
    assertThat(JsonLines.speeds(line))
        .containsExactly(
            entry(Measure.PREFILL, 1.0),
            entry(Measure.DECODE, 2.0),
            entry(Measure.DECODE_TOGETHER, 3.0),
            entry(Measure.DECODE_FAR, 4.0));
  }

  @Test
  void refusesWhatHoldsNoNumber() {
    assertThatThrownBy(() -> JsonLines.number("no JSON", "speed"))
        .isInstanceOf(PeerException.class)
        .hasMessage("expected JSON lines; got: no JSON");
    assertThatThrownBy(() -> JsonLines.number("{\"speed\":\"fast\"}", "speed"))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("expected a number speed");
    assertThatThrownBy(() -> JsonLines.number("{broken", "speed"))
        .isInstanceOf(PeerException.class);
  }
}
