package dev.loquat.backend.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.loquat.backend.onnx.RandomCheckpoint;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheScalesTest {
  private static final int INPUTS = 32;
  private static final int HEAD_DIM = 16;

  @TempDir private Path folder;
  private RandomCheckpoint checkpoint;

  @BeforeEach
  void write() {
    checkpoint =
        RandomCheckpoint.write(RandomCheckpoint.model(1, true, AttentionConfig.FULL), folder);
  }

  @Test
  void valuesHaveSixStandardDeviationsAndTheirBias() {
    ConstantTensor scales = new CacheScales(checkpoint, 0).values("values");
    assertThat(scales.shape()).containsExactly(1L, 1L, 1L, (long) HEAD_DIM);
    for (int channel = 0; channel < HEAD_DIM; channel++) {
      double range = range(WeightRole.VALUE, WeightRole.VALUE_BIAS, channel);
      assertThat((double) scale(scales, channel)).isCloseTo(range / 127, withPercentage(0.01));
    }
  }

  @Test
  void keysThatRotationMixesShareAScale() {
    ConstantTensor scales = new CacheScales(checkpoint, 0).keys("keys");
    for (int channel = 0; channel < HEAD_DIM / 2; channel++) {
      double one = range(WeightRole.KEY, WeightRole.KEY_BIAS, channel);
      double other = range(WeightRole.KEY, WeightRole.KEY_BIAS, channel + HEAD_DIM / 2);
      double both = Math.sqrt(one * one + other * other);
      assertThat((double) scale(scales, channel)).isCloseTo(both / 127, withPercentage(0.01));
      assertThat(scale(scales, channel + HEAD_DIM / 2)).isEqualTo(scale(scales, channel));
    }
  }

  private double range(WeightRole role, WeightRole bias, int channel) {
    float[] norm = numbers(checkpoint.weight(WeightRole.ATTENTION_NORM, 0));
    float[] weights = numbers(checkpoint.weight(role, 0));
    double variance = 0;
    for (int i = 0; i < INPUTS; i++) {
      variance += Math.pow(weights[channel * INPUTS + i] * norm[i], 2);
    }
    return Math.abs(numbers(checkpoint.weight(bias, 0))[channel]) + 6 * Math.sqrt(variance);
  }

  private static float scale(ConstantTensor scales, int channel) {
    return scales.elements().getFloat(channel * Float.BYTES);
  }

  private static float[] numbers(Tensor tensor) {
    float[] numbers = new float[(int) tensor.info().elements()];
    tensor.read(0, FloatBuffer.wrap(numbers));
    return numbers;
  }
}
