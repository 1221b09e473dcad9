package dev.loquat.testkit.reference;

import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;

/**
 * Rotary position embedding, written down a second time: so core's table may be wrong without the
 * reference being wrong alike.
 */
final class Rotary {
  private final double[] frequencies; // [dimension / 2], radians per position
  private final double magnitude;

  Rotary(RotaryConfig config) {
    frequencies = new double[config.dimension() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(config.theta(), -2.0 * i / config.dimension());
      frequencies[i] = RotaryStretch.stretch(plain, i, config);
    }
    magnitude = config.scaling() instanceof RotaryScaling.Yarn yarn ? yarn.attentionFactor() : 1;
  }

  /** Turns every head of {@code x}, {@code [heads * headDim]}, in place. */
  void rotate(double[] x, int headDim, int position) {
    for (int head = 0; head < x.length; head += headDim) {
      rotateHead(x, head, position);
    }
  }

  private void rotateHead(double[] x, int head, int position) {
    int half = frequencies.length;
    for (int i = 0; i < half; i++) {
      double cos = magnitude * Math.cos(position * frequencies[i]);
      double sin = magnitude * Math.sin(position * frequencies[i]);
      double first = x[head + i];
      double second = x[head + half + i];
      x[head + i] = first * cos - second * sin;
      x[head + half + i] = second * cos + first * sin;
    }
  }
}
