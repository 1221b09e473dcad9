package dev.loquat.device;

/**
 * Neighbouring layers of a model.
 *
 * @param first the first layer, from 0
 * @param end the layer after the last
 */
public record LayerSpan(int first, int end) implements Comparable<LayerSpan> {

  /** Checks that there is at least one layer. */
  public LayerSpan {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException(
          "layers from " + first + " to before " + end + "; expected 0 <= first < end");
    }
  }

  /**
   * The layers from one to another.
   *
   * @param first the first layer, from 0
   * @param end the layer after the last
   * @return the span
   * @throws IllegalArgumentException if it is empty or begins below 0
   */
  public static LayerSpan of(int first, int end) {
    return new LayerSpan(first, end);
  }

  /**
   * How many layers.
   *
   * @return 1 or more
   */
  public int count() {
    return end - first;
  }

  @Override
  public int compareTo(LayerSpan other) {
    return first == other.first
        ? Integer.compare(end, other.end)
        : Integer.compare(first, other.first);
  }

  /** Such as {@code 0-14}; the last layer is in it. */
  @Override
  public String toString() {
    return count() == 1 ? String.valueOf(first) : first + "-" + (end - 1);
  }
}
