package dev.loquat.quantization;

/**
 * Rounds to a grid around zero whose lowest code is the weight of the largest magnitude: that one
 * is kept exactly. A search for the scale of the least squared error makes models worse.
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
    float scale = largest(weights, start, count) / -zeroPoint;
    float inverse = scale == 0 ? 0 : 1 / scale;
    for (int i = 0; i < count; i++) {
      int code = Math.round(weights[start + i] * inverse) + zeroPoint;
      block.codes[i] = Math.min(Math.max(code, 0), largestCode);
    }
    block.scale = scale;
    block.offset = 0;
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
