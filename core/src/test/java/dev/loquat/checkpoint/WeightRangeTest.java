package dev.loquat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.checkpoint.WeightRange.LargeWeight;
import dev.loquat.error.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightRangeTest {
  private static final int ELEMENTS = 700_000; // more than a chunk of any type

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F32", "BF16", "F16", "F64"})
  void findsTheLargestMagnitudeWhereverItStands(ElementType type) {
    for (int place : new int[] {0, 524_287, 524_288, ELEMENTS - 1}) {
      List<Tensor> weights = List.of(tensor("small", type, 0, 1), tensor("large", type, place, -8));
      assertThat(WeightRange.firstBeyond(weights, 7.9f)).contains(new LargeWeight("large", 8));
      assertThat(WeightRange.firstBeyond(weights, 8)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F32", "BF16", "F16", "F64"})
  void refusesWhatIsNoFiniteNumber(ElementType type) {
    for (float broken : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(
              () ->
                  WeightRange.firstBeyond(
                      List.of(tensor("w", type, 600_000, broken)), Float.MAX_VALUE))
          .withMessage(
              "model.safetensors: tensor 'w' holds "
                  + Math.abs(broken)
                  + "; expected finite numbers only. The checkpoint is damaged; fetch it again.");
    }
  }

  @Test
  void namesTheFirstOfSeveral() {
    List<Tensor> weights =
        List.of(tensor("one", ElementType.F32, 3, 9), tensor("two", ElementType.F32, 3, 90));
    assertThat(WeightRange.firstBeyond(weights, 1)).contains(new LargeWeight("one", 9));
  }

  private static Tensor tensor(String name, ElementType type, int place, float value) {
    List<Long> shape = List.of((long) ELEMENTS);
    TensorInfo info = new TensorInfo(name, type, shape, Path.of("model.safetensors"), 0);
    return new OneWeight(info, place, value);
  }

  /** Zeros but for one weight. */
  private record OneWeight(TensorInfo info, int place, float value) implements Tensor {

    @Override
    public void read(long elementOffset, FloatBuffer destination) {
      int start = destination.position();
      while (destination.hasRemaining()) {
        long element = elementOffset + destination.position() - start;
        destination.put(element == place ? value : 0);
      }
    }

    @Override
    public void readBytes(long byteOffset, ByteBuffer destination) {
      ByteBuffer all = ByteBuffer.allocate((int) info.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
      int bits = Float.floatToRawIntBits(value);
      if (info.type() == ElementType.BF16) {
        all.putShort(2 * place, (short) (bits >>> Short.SIZE));
      } else {
        all.putInt(4 * place, bits);
      }
      destination.put(all.array(), (int) byteOffset, destination.remaining());
    }
  }
}
