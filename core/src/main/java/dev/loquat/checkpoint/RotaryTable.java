package dev.loquat.checkpoint;

/**
 * The cosines and sines of a rotary embedding, computed in double precision and narrowed. Shape
 * {@code [positions, dimension / 2]}, row-major. Where the scaling sharpens attention, they are
 * multiplied by its factor.
 *
 * <p>Immutable.
 */
public final class RotaryTable {
  private final double[] frequencies;
  private final double magnitude;

  /**
   * Computes the frequencies.
   *
   * @param config the embedding
   */
  public RotaryTable(RotaryConfig config) {
    frequencies = RotaryFrequencies.of(config);
    magnitude = config.scaling() instanceof RotaryScaling.Yarn yarn ? yarn.attentionFactor() : 1;
  }

  /**
   * What a position is multiplied by to give the angles, for those who compute them step by step.
   *
   * @return a new array of {@code dimension / 2} numbers, in radians per position
   */
  public double[] frequencies() {
    return frequencies.clone();
  }

  /**
   * What cosines and sines are multiplied by, for those who compute them step by step.
   *
   * @return YaRN's attention factor, else 1
   */
  public double magnitude() {
    return magnitude;
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
      table[i] = (float) (magnitude * Math.cos(angle(i)));
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
      table[i] = (float) (magnitude * Math.sin(angle(i)));
    }
    return table;
  }

  private double angle(int index) {
    int position = index / frequencies.length;
    return position * frequencies[index % frequencies.length];
  }
}
