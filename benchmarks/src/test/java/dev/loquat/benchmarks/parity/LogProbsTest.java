package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogProbsTest {
  // Probabilities 1/10, 2/10, 3/10 and 4/10.
  private final LogProbs tenths =
      new LogProbs(new float[] {0, (float) Math.log(2), (float) Math.log(3), (float) Math.log(4)});

  @Test
  void normalisesLogits() {
    assertThat(tenths.of(2)).isEqualTo(Math.log(0.3), within(1e-6));
    assertThat(tenths.best()).isEqualTo(3);
  }

  @Test
  void findsTheLargestDifference() {
    List<TokenLogProb> reference =
        List.of(new TokenLogProb(3, Math.log(0.4)), new TokenLogProb(0, Math.log(0.2)));
    assertThat(tenths.difference(reference)).isEqualTo(Math.log(2), within(1e-6));
  }

  @Test
  void hasNoDivergenceFromItself() {
    List<TokenLogProb> reference =
        List.of(new TokenLogProb(3, Math.log(0.4)), new TokenLogProb(2, Math.log(0.3)));
    assertThat(tenths.kl(reference)).isEqualTo(0, within(1e-6));
  }

  @Test
  void takesUnlistedTokensAsOneInTheDivergence() {
    List<TokenLogProb> reference = List.of(new TokenLogProb(3, Math.log(0.5)));
    double expected = 0.5 * Math.log(0.5 / 0.4) + 0.5 * Math.log(0.5 / 0.6);
    assertThat(tenths.kl(reference)).isEqualTo(expected, within(1e-6));
  }

  @Test
  void isOutsideEveryToleranceIfALogitIsNoNumber() {
    LogProbs broken = new LogProbs(new float[] {0, Float.NaN});
    double difference = broken.difference(List.of(new TokenLogProb(0, 0)));
    assertThat(new Tolerance(1e9, 0).allows(difference)).isFalse();
  }

  @Test
  void refusesATokenOutsideTheVocabulary() {
    assertThatThrownBy(() -> tenths.of(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The reference has token 4; the model's vocabulary has 4");
  }
}
