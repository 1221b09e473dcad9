package dev.loquat.checkpoint;

import dev.loquat.error.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Optional;

/** Whether weights are finite numbers, and how large they are. */
public final class WeightRange {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int INT_MAGNITUDE = 0x7fffffff;
  private static final int SHORT_MAGNITUDE = 0x7fff;

  private WeightRange() {}

  /**
   * The largest weight of a tensor that is too large.
   *
   * @param tensor its name in the checkpoint
   * @param magnitude the number without its sign
   */
  public record LargeWeight(String tensor, float magnitude) {}

  /**
   * Looks for weights beyond a range. Reads every tensor whole.
   *
   * @param weights the weights
   * @param largest the largest magnitude within the range, at most {@link Float#MAX_VALUE}
   * @return the first tensor that holds a larger one; empty if none does
   * @throws CheckpointException if a weight is no finite number
   */
  public static Optional<LargeWeight> firstBeyond(Iterable<Tensor> weights, float largest) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Optional<LargeWeight> found = Optional.empty();
    for (Tensor weight : weights) {
      float magnitude = magnitude(weight, chunk);
      if (!Float.isFinite(magnitude)) {
        throw notFinite(weight.info(), magnitude);
      }
      if (found.isEmpty() && magnitude > largest) {
        found = Optional.of(new LargeWeight(weight.info().name(), magnitude));
      }
    }
    return found;
  }

  /**
   * The failure for a tensor with a weight that is no finite number.
   *
   * @param info the tensor
   * @param magnitude the weight without its sign
   * @return the failure, to be thrown
   */
  public static CheckpointException notFinite(TensorInfo info, double magnitude) {
    return new CheckpointException(
        info.file()
            + ": tensor '"
            + info.name()
            + "' holds "
            + magnitude
            + "; expected finite numbers only. The checkpoint is damaged; fetch it again.");
  }

  private static float magnitude(Tensor weight, ByteBuffer chunk) {
    TensorInfo info = weight.info();
    int size = info.type().byteSize();
    float largest = 0;
    for (long at = 0; at < info.byteLength(); at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, info.byteLength() - at));
      float found =
          switch (info.type()) {
            case BF16 -> brainFloats(read(weight, at, chunk).asShortBuffer());
            case F32 -> floats(read(weight, at, chunk).asIntBuffer());
            default -> widened(weight, at / size, chunk.limit() / size);
          };
      largest = Math.max(largest, found); // NaN is greater than all
    }
    return largest;
  }

  private static ByteBuffer read(Tensor weight, long at, ByteBuffer chunk) {
    weight.readBytes(at, chunk);
    return chunk.flip();
  }

  /** Magnitudes are in the order of their bits; infinities come after all numbers, NaNs last. */
  private static float floats(IntBuffer bits) {
    int largest = 0;
    for (int i = 0; i < bits.limit(); i++) {
      largest = Math.max(largest, bits.get(i) & INT_MAGNITUDE);
    }
    return Float.intBitsToFloat(largest);
  }

  private static float brainFloats(ShortBuffer bits) {
    int largest = 0;
    for (int i = 0; i < bits.limit(); i++) {
      largest = Math.max(largest, bits.get(i) & SHORT_MAGNITUDE);
    }
    return Float.intBitsToFloat(largest << Short.SIZE);
  }

  private static float widened(Tensor weight, long element, int count) {
    float[] numbers = new float[count];
    weight.read(element, FloatBuffer.wrap(numbers));
    float largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, Math.abs(number));
    }
    return largest;
  }
}
