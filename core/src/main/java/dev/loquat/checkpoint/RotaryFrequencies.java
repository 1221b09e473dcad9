package dev.loquat.checkpoint;

/**
 * The frequencies of a rotary embedding, in radians per position, fastest first.
 *
 * <p>Sources: Su et al. 2021, "RoFormer"; for Llama 3.1's scaling the model card's reference code;
 * Peng et al. 2023, "YaRN", with the corrections' bounds rounded as transformers does.
 *
 * @param dimension how many of a head's elements are rotated
 * @param theta the base of the wave lengths
 */
record RotaryFrequencies(int dimension, double theta) {
  /** Transformers' width of a ramp that would have none. */
  private static final double YARN_NARROW_RAMP = 0.001;

  static double[] of(RotaryConfig config) {
    RotaryFrequencies plain = new RotaryFrequencies(config.dimension(), config.theta());
    double[] frequencies = new double[config.dimension() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double kept = plain.keptShare(i, config.scaling());
      double frequency = plain.at(i);
      frequencies[i] = kept * frequency + (1 - kept) * frequency / factor(config.scaling());
    }
    return frequencies;
  }

  private double at(int i) {
    return Math.pow(theta, -2.0 * i / dimension);
  }

  private static double factor(RotaryScaling scaling) {
    if (scaling instanceof RotaryScaling.Linear linear) {
      return linear.factor();
    }
    if (scaling instanceof RotaryScaling.Llama3 llama3) {
      return llama3.factor();
    }
    return scaling instanceof RotaryScaling.Yarn yarn ? yarn.factor() : 1;
  }

  /** How much of a frequency is kept, from 0 (divided by the factor) to 1. */
  private double keptShare(int i, RotaryScaling scaling) {
    if (scaling instanceof RotaryScaling.Llama3 llama3) {
      return keptShare(i, llama3);
    }
    return scaling instanceof RotaryScaling.Yarn yarn ? keptShare(i, yarn) : 0;
  }

  private double keptShare(int i, RotaryScaling.Llama3 scaling) {
    double low = scaling.lowFrequencyFactor();
    double waves = scaling.originalContext() * at(i) / (2 * Math.PI);
    return clamp((waves - low) / (scaling.highFrequencyFactor() - low));
  }

  private double keptShare(int i, RotaryScaling.Yarn scaling) {
    int context = scaling.originalContext();
    double first = Math.max(0, Math.floor(index(scaling.fastRotations(), context)));
    double last = Math.min(dimension - 1, Math.ceil(index(scaling.slowRotations(), context)));
    return 1 - clamp((i - first) / (first == last ? YARN_NARROW_RAMP : last - first));
  }

  /** The index, not whole, of the wave that turns so often in a context. */
  private double index(double rotations, int context) {
    return dimension * Math.log(context / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
  }

  private static double clamp(double share) {
    return Math.min(1, Math.max(0, share));
  }
}
