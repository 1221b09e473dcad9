package dev.loquat.checkpoint;

/**
 * The cosines and sines of a rotary embedding, computed in double precision and narrowed. Shape
 * {@code [positions, dimension / 2]}, row-major.
 *
 * <p>Immutable. Sources: Su et al. 2021, "RoFormer"; for Llama 3.1's scaling the model card's
 * reference code.
 */
public final class RotaryTable {
  private final double[] frequencies;

  /**
   * Computes the frequencies.
   *
   * @param config the embedding
   */
  public RotaryTable(RotaryConfig config) {
    frequencies = new double[config.dimension() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(config.theta(), -2.0 * i / config.dimension());
      frequencies[i] = scaled(plain, config.scaling());
    }
  }

  /**
   * The cosines.
   *
   * @param positions how many positions, from 0
   * @return a new array of {@code positions * dimension / 2} numbers
   */
  public float[] cosines(int positions) {
    float[] table = new float[Math.multiplyExact(positions, frequencies.length)];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) Math.cos(angle(i));
    }
    return table;
  }

  /**
   * The sines.
   *
   * @param positions how many positions, from 0
   * @return a new array of {@code positions * dimension / 2} numbers
   */
  public float[] sines(int positions) {
    float[] table = new float[Math.multiplyExact(positions, frequencies.length)];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) Math.sin(angle(i));
    }
    return table;
  }

  private double angle(int index) {
    int position = index / frequencies.length;
    return position * frequencies[index % frequencies.length];
  }

  private static double scaled(double frequency, RotaryScaling scaling) {
    if (scaling instanceof RotaryScaling.Linear linear) {
      return frequency / linear.factor();
    }
    if (scaling instanceof RotaryScaling.Llama3 llama3) {
      return scaled(frequency, llama3);
    }
    return frequency;
  }

  private static double scaled(double frequency, RotaryScaling.Llama3 scaling) {
    double waves = scaling.originalContext() * frequency / (2 * Math.PI);
    double keep =
        (waves - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    double kept = Math.min(1, Math.max(0, keep));
    return kept * frequency + (1 - kept) * frequency / scaling.factor();
  }
}
