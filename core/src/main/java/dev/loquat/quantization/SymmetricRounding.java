package dev.loquat.quantization;

/**
 * Rounds to a grid around zero whose lowest code is the weight of the largest magnitude, as GGUF's
 * Q4_0 does. In 4 bits, a search for the scale of the least squared error makes models worse.
 */
final class SymmetricRounding implements BlockRounding {
  private final int zeroPoint;
  private final int largestCode;

  SymmetricRounding(BlockFormat format) {
    zeroPoint = format.zeroPoint();
    largestCode = format.largestCode();
  }

  @Override
  public void round(float[] weights, int start, int count, Block block) {
    float scale = scale(largest(weights, start, count));
    float inverse = scale == 0 ? 0 : 1 / scale;
    for (int i = 0; i < count; i++) {
      int code = Math.round(weights[start + i] * inverse) + zeroPoint;
      block.codes[i] = Math.min(Math.max(code, 0), largestCode);
    }
    block.scale = scale;
    block.offset = 0;
  }

  /** Zero for weights so small that the scale could not be divided by. */
  private float scale(float largest) {
    float scale = largest / -zeroPoint;
    return Math.abs(scale) < Float.MIN_NORMAL ? 0 : scale;
  }

  private static float largest(float[] weights, int start, int count) {
    float largest = 0;
    for (int i = start; i < start + count; i++) {
      if (Math.abs(weights[i]) > Math.abs(largest)) {
        largest = weights[i];
      }
    }
    return largest;
  }
}
