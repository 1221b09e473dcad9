package dev.loquat.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {

  @Test
  void returnsStandardOutputAlone() {
    assertThat(Program.output(List.of("sh", "-c", "echo noise >&2; echo text")))
        .isEqualTo("text\n");
  }

  @Test
  void tellsHowAProgramFailed() {
    assertThatThrownBy(() -> Program.output(List.of("sh", "-c", "echo why >&2; exit 3")))
        .isInstanceOf(PeerException.class)
        .hasMessage("sh ended with 3: why");
  }

  @Test
  void tellsThatAProgramIsNotThere() {
    assertThatThrownBy(() -> Program.output(List.of("/no/such/program")))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("/no/such/program can't be started");
  }
}
