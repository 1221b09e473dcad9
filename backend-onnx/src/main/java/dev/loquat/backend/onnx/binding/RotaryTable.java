package dev.loquat.backend.onnx.binding;

import dev.loquat.checkpoint.*;

record RotaryTable(float[] cosines, float[] sines) {
  static RotaryTable of(RotaryConfig c, int positions) {
    int h = c.dimension() / 2;
    float[] cs = new float[h * positions], sn = new float[h * positions];
    for (int i = 0; i < h; i++) {
      double f = Math.pow(c.theta(), -2.0 * i / c.dimension());
      if (c.scaling() instanceof RotaryScaling.Linear l) f /= l.factor();
      if (c.scaling() instanceof RotaryScaling.Llama3 l) {
        double w = 2 * Math.PI / f,
            lo = l.originalContext() / l.lowFrequencyFactor(),
            hi = l.originalContext() / l.highFrequencyFactor();
        if (w > lo) f /= l.factor();
        else if (w > hi) {
          double s =
              (l.originalContext() / w - l.lowFrequencyFactor())
                  / (l.highFrequencyFactor() - l.lowFrequencyFactor());
          f = (1 - s) * f / l.factor() + s * f;
        }
      }
      for (int p = 0; p < positions; p++) {
        cs[p * h + i] = (float) Math.cos(p * f);
        sn[p * h + i] = (float) Math.sin(p * f);
      }
    }
    return new RotaryTable(cs, sn);
  }
}
