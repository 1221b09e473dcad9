package dev.loquat.internal.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.device.LayerSpan;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvenPartitionTest {
  private static final double NONE = Double.POSITIVE_INFINITY;

  @Test
  void dealsEqualLayersOutInProportion() {
    double[] sizes = {3, 1};
    assertThat(EvenPartition.find(28, 2, (layers, device) -> layers.count() / sizes[device]))
        .contains(List.of(LayerSpan.of(0, 21), LayerSpan.of(21, 28)));
  }

  @Test
  void findsNothingWhereADeviceHoldsNoLayer() {
    assertThat(EvenPartition.find(5, 2, (layers, device) -> device == 1 ? NONE : 1)).isEmpty();
  }

  /** Compared with all ways to cut. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void isAsEvenAsTheBestOfAllCuts(long seed) {
    Random random = new Random(seed);
    int layers = 4 + random.nextInt(6);
    int[] weights = random.ints(layers, 1, 20).toArray();
    double[] sizes = random.doubles(3, 0.5, 4).toArray();
    double limit = 6 + 30 * random.nextDouble();
    EvenPartition.Fullness fullness =
        (span, device) -> {
          double full = 0;
          for (int layer = span.first(); layer < span.end(); layer++) {
            full += weights[layer] / sizes[device];
          }
          return full > limit ? NONE : full;
        };
    double best = NONE;
    for (int first = 1; first < layers - 1; first++) {
      for (int second = first + 1; second < layers; second++) {
        best = Math.min(best, fullest(fullness, cut(first, second, layers)));
      }
    }
    double found =
        EvenPartition.find(layers, 3, fullness).map(spans -> fullest(fullness, spans)).orElse(NONE);
    assertThat(found).isEqualTo(best);
  }

  private static List<LayerSpan> cut(int first, int second, int layers) {
    return List.of(
        LayerSpan.of(0, first), LayerSpan.of(first, second), LayerSpan.of(second, layers));
  }

  private static double fullest(EvenPartition.Fullness fullness, List<LayerSpan> spans) {
    double fullest = 0;
    for (int device = 0; device < spans.size(); device++) {
      fullest = Math.max(fullest, fullness.of(spans.get(device), device));
    }
    return fullest;
  }
}
