package dev.loquat.quantization;

import java.util.Arrays;

/**
 * Rounds to the grid of the least squared error that a short search finds. Grids a little coarser
 * or finer than the one from the smallest weight to the largest give codes; the best scale and
 * offset for some codes are the straight line through the weights over them.
 *
 * <p>Confined to one thread.
 */
final class OffsetRounding implements BlockRounding {
  /** By how many codes more or less than there are the weights' range is divided. */
  private static final float[] STRETCHES = {0, -0.3f, 0.3f, -0.6f, 0.6f, -0.9f, -1.2f, -1.6f, -2};

  /** Weights that leave less than this share of their variance unexplained lie on a grid. */
  private static final double ON_GRID = 1e-5;

  private final int zeroPoint;
  private final int largestCode;
  private final float[] spread;
  private final LineFit fit = new LineFit();

  OffsetRounding(BlockFormat format) {
    zeroPoint = format.zeroPoint();
    largestCode = format.largestCode();
    spread = new float[format.blockSize()];
  }

  @Override
  public void round(float[] weights, int start, int count, Block block) {
    double smallest = weights[start];
    double largest = smallest;
    for (int i = start + 1; i < start + count; i++) {
      smallest = Math.min(smallest, weights[i]);
      largest = Math.max(largest, weights[i]);
    }
    double range = largest - smallest;
    if (range < Float.MIN_NORMAL) {
      settleOnOneValue(count, (float) largest, block);
      return;
    }
    for (int i = 0; i < count; i++) {
      spread[i] = (float) ((weights[start + i] - smallest) / range);
    }
    fit.measure(spread, count);
    search(count, block.codes);
    block.scale = (float) (fit.slope() * range);
    block.offset = (float) (smallest + (fit.intercept() + zeroPoint * fit.slope()) * range);
  }

  private void settleOnOneValue(int count, float value, Block block) {
    Arrays.fill(block.codes, 0, count, zeroPoint);
    block.scale = 0;
    block.offset = value;
  }

  /** Leaves the best codes in {@code codes} and their line in {@code fit}. */
  private void search(int count, int[] codes) {
    float best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < STRETCHES.length && least > ON_GRID; i++) {
      encode(count, 0, largestCode + STRETCHES[i], codes);
      double unexplained = fit.through(codes, count);
      if (unexplained < least) {
        least = unexplained;
        best = STRETCHES[i];
      }
    }
    encode(count, 0, largestCode + best, codes);
    fit.through(codes, count);
    encode(count, fit.intercept(), 1 / fit.slope(), codes);
    fit.through(codes, count);
  }

  private void encode(int count, double origin, double steps, int[] codes) {
    float factor = (float) steps;
    float shift = (float) (0.5 - origin * steps);
    for (int i = 0; i < count; i++) {
      codes[i] = Math.min(Math.max((int) (spread[i] * factor + shift), 0), largestCode);
    }
  }
}
