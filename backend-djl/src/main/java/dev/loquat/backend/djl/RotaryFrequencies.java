package dev.loquat.backend.djl;

import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;

final class RotaryFrequencies {
  private RotaryFrequencies() {}

  static double[] of(RotaryConfig rotary) {
    double[] f = new double[rotary.dimension() / 2];
    for (int i = 0; i < f.length; i++) {
      f[i] = scaled(rotary.scaling(), Math.pow(rotary.theta(), -2.0 * i / rotary.dimension()));
    }
    return f;
  }

  private static double scaled(RotaryScaling scaling, double f) {
    if (scaling instanceof RotaryScaling.Linear linear) {
      return f / linear.factor();
    }
    if (scaling instanceof RotaryScaling.Llama3 l) {
      double wave = 2 * Math.PI / f;
      double smooth =
          (l.originalContext() / wave - l.lowFrequencyFactor())
              / (l.highFrequencyFactor() - l.lowFrequencyFactor());
      double s = Math.max(0, Math.min(1, smooth));
      return (1 - s) * f / l.factor() + s * f;
    }
    return f;
  }
}
