package dev.loquat.backend.onnx;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.error.BackendException;
import java.nio.FloatBuffer;
import java.util.List;

/** Whether weights can be rounded to half precision at all. */
final class HalfRange {
  /** The smallest number that rounds to infinity: half a step above the largest half, 65504. */
  private static final float OVERFLOW = 65520f;

  /** Elements; each read leaves some garbage, so that small chunks would swell the Java heap. */
  private static final int CHUNK = 1 << 20;

  private HalfRange() {}

  /** Throws for the first weight with an element that half precision can't hold. */
  static void require(List<Tensor> weights) {
    FloatBuffer chunk = FloatBuffer.allocate(CHUNK);
    for (Tensor weight : weights) {
      if (weight.info().type() != ElementType.F16) {
        require(weight, chunk);
      }
    }
  }

  private static void require(Tensor weight, FloatBuffer chunk) {
    long elements = weight.info().elements();
    for (long read = 0; read < elements; read += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK, elements - read));
      weight.read(read, chunk);
      requireInRange(weight, chunk.flip());
    }
  }

  private static void requireInRange(Tensor weight, FloatBuffer elements) {
    float[] array = elements.array();
    for (int i = 0; i < elements.limit(); i++) {
      if (Math.abs(array[i]) >= OVERFLOW) {
        throw new BackendException(
            "Tensor '"
                + weight.info().name()
                + "' holds "
                + array[i]
                + ", and FP16 ends at 65504. Load the model in BF16 or FP32.");
      }
    }
  }
}
