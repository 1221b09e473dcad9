package dev.loquat.testkit.reference;

import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;

/** What the scalings for long contexts make of a rotary frequency. */
final class RotaryStretch {

  private RotaryStretch() {}

  /**
   * Scales the frequency of the pair {@code index}.
   *
   * @throws IllegalArgumentException if the reference does not know the scaling
   */
  static double stretch(double frequency, int index, RotaryConfig config) {
    RotaryScaling scaling = config.scaling();
    if (scaling instanceof RotaryScaling.None) {
      return frequency;
    }
    if (scaling instanceof RotaryScaling.Linear linear) {
      return frequency / linear.factor();
    }
    if (scaling instanceof RotaryScaling.Llama3 llama3) {
      return llama3(frequency, llama3);
    }
    if (scaling instanceof RotaryScaling.Yarn yarn) {
      return yarn(frequency, index, config, yarn);
    }
    throw new IllegalArgumentException("The reference does not know " + scaling);
  }

  private static double llama3(double frequency, RotaryScaling.Llama3 scaling) {
    double waveLength = 2 * Math.PI / frequency;
    double context = scaling.originalContext();
    if (waveLength < context / scaling.highFrequencyFactor()) {
      return frequency;
    }
    if (waveLength > context / scaling.lowFrequencyFactor()) {
      return frequency / scaling.factor();
    }
    double smooth =
        (context / waveLength - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    return (1 - smooth) * frequency / scaling.factor() + smooth * frequency;
  }

  private static double yarn(
      double frequency, int index, RotaryConfig config, RotaryScaling.Yarn scaling) {
    int context = scaling.originalContext();
    double low = Math.max(0, Math.floor(pairThatTurns(scaling.fastRotations(), context, config)));
    double high =
        Math.min(
            config.dimension() - 1,
            Math.ceil(pairThatTurns(scaling.slowRotations(), context, config)));
    double width = low == high ? 0.001 : high - low; // 0.001 as in transformers
    double stretched = Math.min(1, Math.max(0, (index - low) / width));
    return frequency / scaling.factor() * stretched + frequency * (1 - stretched);
  }

  /** The index, not whole, of the pair that turns so often in a context. */
  private static double pairThatTurns(double rotations, int context, RotaryConfig config) {
    return config.dimension()
        * Math.log(context / (rotations * 2 * Math.PI))
        / (2 * Math.log(config.theta()));
  }
}
