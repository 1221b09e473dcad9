package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The scales that a layer's keys and values are rounded with to 8 bits, one for each channel. They
 * follow from the weights alone: what a projection makes of normed inputs is spread as the norm of
 * its row tells, and the range is a multiple of that; what is beyond is cut off.
 */
final class CacheScales {
  /** The range in standard deviations, to either side; more is too coarse, less cuts too much. */
  private static final float RANGE = 6;

  private static final float LARGEST_CODE = 127;

  private final Checkpoint checkpoint;
  private final int layer;
  private final AttentionConfig attention;
  private final float[] normScales;

  CacheScales(Checkpoint checkpoint, int layer) {
    this.checkpoint = checkpoint;
    this.layer = layer;
    this.attention = checkpoint.config().layers().get(layer).attention();
    this.normScales = numbers(checkpoint.weight(WeightRole.ATTENTION_NORM, layer));
  }

  /** Of keys, {@code [1, kvHeads, 1, headDim]}: rotation mixes two channels, which share theirs. */
  ConstantTensor keys(String name) {
    float[] ranges = ranges(WeightRole.KEY, WeightRole.KEY_BIAS);
    int half = attention.headDim() / 2;
    for (int head = 0; head < attention.kvHeads(); head++) {
      for (int i = head * attention.headDim(); i < head * attention.headDim() + half; i++) {
        float both = (float) Math.hypot(ranges[i], ranges[i + half]);
        ranges[i] = both;
        ranges[i + half] = both;
      }
    }
    return scales(name, ranges);
  }

  /** Of values, {@code [1, kvHeads, 1, headDim]}. */
  ConstantTensor values(String name) {
    return scales(name, ranges(WeightRole.VALUE, WeightRole.VALUE_BIAS));
  }

  private float[] ranges(WeightRole role, WeightRole biasRole) {
    float[] weights = numbers(checkpoint.weight(role, layer));
    Optional<float[]> biases =
        attention.inputBias()
            ? Optional.of(numbers(checkpoint.weight(biasRole, layer)))
            : Optional.empty();
    float[] ranges = new float[attention.kvHeads() * attention.headDim()];
    for (int row = 0; row < ranges.length; row++) {
      int channel = row;
      float bias = biases.map(all -> Math.abs(all[channel])).orElse(0f);
      ranges[row] = bias + RANGE * spread(weights, row);
    }
    return ranges;
  }

  /** The standard deviation of a row's products with inputs of independent elements. */
  private float spread(float[] weights, int row) {
    double squares = 0;
    for (int i = 0; i < normScales.length; i++) {
      double weight = (double) weights[row * normScales.length + i] * normScales[i];
      squares += weight * weight;
    }
    return (float) Math.sqrt(squares);
  }

  private ConstantTensor scales(String name, float[] ranges) {
    ByteBuffer scales =
        ByteBuffer.allocate(ranges.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float range : ranges) {
      scales.putFloat(Math.max(range / LARGEST_CODE, Float.MIN_NORMAL));
    }
    List<Long> shape = List.of(1L, (long) attention.kvHeads(), 1L, (long) attention.headDim());
    return new ConstantTensor(name, OnnxType.FLOAT, shape, scales);
  }

  private static float[] numbers(Tensor tensor) {
    float[] numbers = new float[Math.toIntExact(tensor.info().elements())];
    tensor.read(0, FloatBuffer.wrap(numbers));
    return numbers;
  }
}
