package dev.loquat.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowQuantizerTest {

  @Test
  void packsTwoCodesOfFourBitsIntoAByteTheFirstInItsLowerHalf() {
    BlockFormat format = new BlockFormat(4, 4, false);
    QuantizedRows rows = quantize(format, 4, -8, 7, 0, 1);
    assertThat(bytes(rows.codes())).containsExactly((byte) (0 | 15 << 4), (byte) (8 | 9 << 4));
    assertThat(rows.scales().getFloat(0)).isEqualTo(1);
    assertThat(rows.offsets().remaining()).isZero();
  }

  @Test
  void keepsTheLargestWeightInFourBitsAsTheLowestCodeWhateverItsSign() {
    QuantizedRows rows = quantize(new BlockFormat(4, 4, false), 4, 16, -14, 2, 0);
    assertThat(bytes(rows.codes())).containsExactly((byte) (0 | 15 << 4), (byte) (7 | 8 << 4));
    assertThat(rows.scales().getFloat(0)).isEqualTo(-2);
  }

  @Test
  void spreadsEightBitsFromOneCodeAboveTheLowestToTheHighest() {
    QuantizedRows rows = quantize(new BlockFormat(8, 4, false), 4, -127, 127, 0, 1);
    assertThat(bytes(rows.codes())).containsExactly((byte) 1, (byte) 255, (byte) 128, (byte) 129);
    assertThat(rows.scales().getFloat(0)).isEqualTo(1);
  }

  @Test
  void fillsALastBlockWithZeroPoints() {
    QuantizedRows rows = quantize(new BlockFormat(8, 4, false), 6, 1, 1, 1, 1, 127, 0);
    assertThat(bytes(rows.codes())).endsWith((byte) 255, (byte) 128, (byte) 128, (byte) 128);
    assertThat(rows.scales().remaining()).isEqualTo(2 * Float.BYTES);
  }

  @ParameterizedTest
  @CsvSource({"4,false", "4,true", "8,false", "8,true"})
  void givesZerosBackAsZeros(int bits, boolean offset) {
    BlockFormat format = new BlockFormat(bits, 32, offset);
    assertThat(roundTrip(format, new float[64])).containsOnly(0);
  }

  @Test
  void givesWeightsOnAGridOfScaleAndMinimumBackAlmostExactly() {
    Random random = new Random(5);
    for (int round = 0; round < 100; round++) {
      float scale = 0.001f + random.nextFloat();
      float minimum = random.nextFloat() * 20 - 10;
      float[] weights = new float[32];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = scale * (i < 16 ? i : random.nextInt(16)) + minimum;
      }
      assertThat(largestError(BlockFormat.INT4, weights)).isLessThan(1e-3 * scale);
    }
  }

  @Test
  void searchBeatsTheGridFromSmallestToLargest() {
    Random random = new Random(7);
    double searched = 0;
    double plain = 0;
    for (int round = 0; round < 200; round++) {
      float[] weights = new float[32];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian();
      }
      searched += squaredError(weights, roundTrip(BlockFormat.INT4, weights));
      plain += squaredError(weights, smallestToLargest(weights));
    }
    assertThat(searched / plain).isLessThan(0.85);
  }

  @Test
  void searchBeatsTheGridThatEndsAtTheLargestMagnitudeInEightBits() {
    Random random = new Random(8);
    double searched = 0;
    double plain = 0;
    for (int round = 0; round < 200; round++) {
      float[] weights = new float[32];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian();
      }
      searched += squaredError(weights, roundTrip(BlockFormat.INT8, weights));
      plain += squaredError(weights, endingAtTheLargestMagnitude(weights));
    }
    assertThat(searched / plain).isLessThan(0.85);
  }

  @Property(tries = 300)
  void neverErrsByAWholeStepInEightBits(
      @ForAll @IntRange(min = 1, max = 32) int count, @ForAll long seed) {
    Random random = new Random(seed);
    double magnitude = Math.pow(10, random.nextInt(75) - 40);
    float[] weights = new float[count];
    float largest = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = (float) (magnitude * (random.nextDouble() - 0.5));
      largest = Math.max(largest, Math.abs(weights[i]));
    }
    assertThat(largestError(BlockFormat.INT8, weights)).isLessThan(largest / 127 + 1e-35);
  }

  @Property(tries = 300)
  void isNeverWorseThanAWholeStepWithAnOffset(
      @ForAll @IntRange(min = 1, max = 32) int count, @ForAll long seed) {
    Random random = new Random(seed);
    float[] weights = new float[count];
    float smallest = Float.MAX_VALUE;
    float largest = -Float.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      weights[i] = random.nextInt(4) == 0 ? random.nextInt(3) : (float) random.nextGaussian();
      smallest = Math.min(smallest, weights[i]);
      largest = Math.max(largest, weights[i]);
    }
    assertThat(largestError(BlockFormat.INT4, weights))
        .isLessThanOrEqualTo((largest - smallest) / 6 + 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"4,false", "4,true", "8,false"})
  void survivesTheLargestAndSmallestNumbers(int bits, boolean offset) {
    BlockFormat format = new BlockFormat(bits, 32, offset);
    float[] weights = {2e38f, -2e38f, 0, Float.MIN_VALUE};
    for (float weight : roundTrip(format, weights)) {
      assertThat(weight).isFinite();
    }
  }

  private static QuantizedRows quantize(BlockFormat format, int inputs, float... weights) {
    int rows = weights.length / inputs;
    return new RowQuantizer(format).quantize(weights, rows, inputs, new RowRoom());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  private static float[] roundTrip(BlockFormat format, float[] weights) {
    QuantizedRows rows = quantize(format, weights.length, weights);
    float[] result = new float[weights.length];
    for (int i = 0; i < result.length; i++) {
      int number = i / format.blockSize() * Float.BYTES;
      int both = rows.codes().get(format.bits() == 8 ? i : i / 2) & 0xff;
      int code = format.bits() == 8 ? both : i % 2 == 0 ? both & 0xf : both >> 4;
      float offset = format.offset() ? rows.offsets().getFloat(number) : 0;
      result[i] = rows.scales().getFloat(number) * (code - format.zeroPoint()) + offset;
    }
    return result;
  }

  private static double largestError(BlockFormat format, float[] weights) {
    float[] result = roundTrip(format, weights);
    double largest = 0;
    for (int i = 0; i < weights.length; i++) {
      largest = Math.max(largest, Math.abs((double) weights[i] - result[i]));
    }
    return largest;
  }

  private static double squaredError(float[] weights, float[] others) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += Math.pow(weights[i] - others[i], 2);
    }
    return sum;
  }

  private static float[] endingAtTheLargestMagnitude(float[] weights) {
    float largest = 0;
    for (float weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
    }
    float[] result = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      result[i] = largest / 127 * Math.round(weights[i] * 127 / largest);
    }
    return result;
  }

  private static float[] smallestToLargest(float[] weights) {
    float smallest = Float.MAX_VALUE;
    float largest = -Float.MAX_VALUE;
    for (float weight : weights) {
      smallest = Math.min(smallest, weight);
      largest = Math.max(largest, weight);
    }
    float step = (largest - smallest) / 15;
    float[] result = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      result[i] = smallest + step * Math.round((weights[i] - smallest) / step);
    }
    return result;
  }
}
