package dev.loquat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The numbers were computed in Python from the formulas as published, at position 1000. */
final class RotaryTableTest {
  private static final int POSITION = 1000;
  private static final Offset<Double> CLOSE = within(1e-6);

  @Test
  void rotatesPlainly() {
    RotaryTable table = table(8, 10_000, new RotaryScaling.None());
    assertThat(row(table.cosines(POSITION + 1), 4))
        .containsExactly(new double[] {0.562379076, 0.862318872, -0.839071529, 0.540302306}, CLOSE);
    assertThat(row(table.sines(POSITION + 1), 4))
        .containsExactly(
            new double[] {0.826879541, -0.506365641, -0.544021111, 0.841470985}, CLOSE);
  }

  @Test
  void stretchesEveryWaveLinearly() {
    RotaryTable table = table(8, 10_000, new RotaryScaling.Linear(4));
    assertThat(row(table.cosines(POSITION + 1), 4))
        .containsExactly(new double[] {0.240988305, 0.991202812, -0.801143616, 0.968912422}, CLOSE);
    assertThat(row(table.sines(POSITION + 1), 4))
        .containsExactly(new double[] {-0.97052802, -0.13235175, 0.598472144, 0.247403959}, CLOSE);
  }

  @Test
  void stretchesLongWavesAsLlama3Does() {
    RotaryTable table = table(16, 500_000, new RotaryScaling.Llama3(32, 1, 4, 8192));
    assertThat(row(table.cosines(POSITION + 1), 8))
        .containsExactly(
            new double[] {
              0.562379076, 0.655463782, 0.995671099, 0.532301485,
              0.909150419, 0.999963276, 0.999998619, 0.999999948
            },
            CLOSE);
    assertThat(row(table.sines(POSITION + 1), 8))
        .containsExactly(
            new double[] {
              0.826879541, -0.755226609, -0.0929465607, 0.846554859,
              0.416467905, 0.00857015058, 0.0016619667, 0.000322293287
            },
            CLOSE);
  }

  @Test
  void rampsBetweenWavesAndSharpensAttentionAsYarnDoes() {
    double sharpened = 1.138629436111989;
    RotaryTable table = table(16, 1e6, new RotaryScaling.Yarn(4, 32, 1, 32_768, sharpened));
    assertThat(row(table.cosines(POSITION + 1), 8))
        .containsExactly(
            new double[] {
              0.640341371, -0.366762464, 1.11435693, -0.54071372,
              0.999241338, 1.13750441, 1.13859385, 1.13862831
            },
            CLOSE);
    assertThat(row(table.sines(POSITION + 1), 8))
        .containsExactly(
            new double[] {
              0.941509385, 1.07794355, 0.233849593, -1.00205073,
              0.545888031, 0.0506033593, 0.00900156231, 0.00160074544
            },
            CLOSE);
  }

  @Test
  void leavesPositionZeroAsItIs() {
    RotaryTable table = table(4, 10_000, new RotaryScaling.None());
    assertThat(table.cosines(1)).containsExactly(1, 1);
    assertThat(table.sines(1)).containsExactly(0, 0);
    assertThat(table.sines(0)).isEmpty();
  }

  private static RotaryTable table(int dimension, double theta, RotaryScaling scaling) {
    return new RotaryTable(new RotaryConfig(dimension, theta, scaling));
  }

  private static double[] row(float[] table, int width) {
    return IntStream.range(0, width).mapToDouble(i -> table[POSITION * width + i]).toArray();
  }
}
