package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.generation.TokenLogProb;
import dev.loquat.generation.TokenLogProbs;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListedLogProbsTest {
  private final ListedLogProbs listed =
      new ListedLogProbs(
          new TokenLogProbs(
              new TokenLogProb(7, -4), List.of(new TokenLogProb(3, -1), new TokenLogProb(2, -2))));

  @Test
  void knowsTheTokenChosenAndTheLikeliest() {
    assertThat(listed.best()).isEqualTo(3);
    assertThat(listed.of(7)).isEqualTo(-4);
    assertThat(listed.of(2)).isEqualTo(-2);
  }

  @Test
  void differsByWhatTheReferenceSays() {
    var reference =
        List.of(
            new dev.loquat.benchmarks.parity.TokenLogProb(3, -1.5),
            new dev.loquat.benchmarks.parity.TokenLogProb(7, -4));
    assertThat(listed.difference(reference)).isEqualTo(0.5, within(1e-9));
  }

  @Test
  void isOutsideEveryToleranceIfATokenIsNotListed() {
    double difference =
        listed.difference(List.of(new dev.loquat.benchmarks.parity.TokenLogProb(4, -9)));
    assertThat(new Tolerance(1e9, 0).allows(difference)).isFalse();
  }
}
