package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplingCaseTest {
  private final StringWriter reports = new StringWriter();
  private final Tally tally = new Tally(new PrintWriter(reports));

  // Logits whose weights are 1, 2 and 4.
  private static final List<Double> LOGITS = List.of(0.0, Math.log(2), Math.log(4));

  @Test
  void agreesWithProbabilitiesWorkedOutByHand() {
    compare(Map.of(), List.of(1 / 7.0, 2 / 7.0, 4 / 7.0));
    compare(Map.of("topK", 2.0), List.of(0.0, 1 / 3.0, 2 / 3.0));
    compare(Map.of("minP", 0.3, "temperature", 0.5), List.of(0.0, 0.0, 1.0));
    compare(Map.of("noRepeatNgramSize", 1.0), List.of(1 / 5.0, 0.0, 4 / 5.0));
    assertThat(tally.mismatches()).as("%s", reports).isZero();
  }

  @Test
  void countsProbabilitiesThatDiffer() {
    compare(Map.of(), List.of(0.142860, 0.285714, 0.571429));
    assertThat(tally.mismatches()).isEqualTo(1);
    assertThat(reports.toString()).contains("p of token 0 is 0.14285").contains("expected 0.14286");
  }

  @Test
  void refusesAFilterThatItDoesNotKnow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> compare(Map.of("epsilonCutoff", 0.1), List.of(0.0, 0.0, 1.0)))
        .withMessageContaining("a filter 'epsilonCutoff'; expected temperature, topK");
  }

  private void compare(Map<String, Double> filters, List<Double> p) {
    new SamplingCase(LOGITS, List.of(1), filters, p).compare(tally);
  }
}
