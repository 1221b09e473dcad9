package dev.loquat.quantization;

import java.util.Arrays;

/**
 * Rounds to the symmetric grid of the least squared error that a short search finds. The grid that
 * ends at the weight of the largest magnitude and some coarser ones give codes; the best scale for
 * some codes is the slope of the line from zero through the weights over them.
 *
 * <p>Confined to one thread.
 */
final class ScaleSearch implements BlockRounding {
  /** How many grids are tried, each with one step less than the one before. */
  private static final int GRIDS = 8;

  /** So large that a sum with it has no place for fractions: rounds when added and taken off. */
  private static final float ROUNDING = 3 << 22;

  private final int zeroPoint;

  /** What the best grid so far explains of the weights' squares, in squares of the largest. */
  private float most;

  private float bestInverse;
  private float bestScale;

  ScaleSearch(BlockFormat format) {
    zeroPoint = format.zeroPoint();
  }

  @Override
  public void round(float[] weights, int start, int count, Block block) {
    block.offset = 0;
    float largest = largestMagnitude(weights, start, count);
    if (largest / zeroPoint < Float.MIN_NORMAL) {
      Arrays.fill(block.codes, 0, count, zeroPoint);
      block.scale = 0;
      return;
    }
    most = 0;
    for (int steps = zeroPoint - 1; steps >= zeroPoint - GRIDS; steps--) {
      measure(weights, start, count, steps, steps / largest);
    }
    for (int i = 0; i < count; i++) {
      block.codes[i] = (int) rounded(weights[start + i] * bestInverse) + zeroPoint;
    }
    block.scale = bestScale;
  }

  private void measure(float[] weights, int start, int count, int steps, float inverse) {
    float products = 0;
    float squares = 0;
    for (int i = start; i < start + count; i++) {
      float place = weights[i] * inverse;
      float code = rounded(place);
      products += place * code;
      squares += code * code;
    }
    float slope = products / squares;
    float explained = slope * products / (steps * steps);
    if (explained > most) {
      most = explained;
      bestInverse = inverse;
      bestScale = slope / inverse;
    }
  }

  private static float rounded(float place) {
    return place + ROUNDING - ROUNDING;
  }

  private static float largestMagnitude(float[] weights, int start, int count) {
    float largest = 0;
    for (int i = start; i < start + count; i++) {
      largest = Math.max(largest, Math.abs(weights[i]));
    }
    return largest;
  }
}
