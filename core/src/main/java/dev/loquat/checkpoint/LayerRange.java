package dev.loquat.checkpoint;

import java.util.List;

/**
 * The layers that one stage of a model runs. A whole model is the range of all layers.
 *
 * @param first the first layer, from 0
 * @param end the layer after the last
 * @param total the layers of the whole model
 */
public record LayerRange(int first, int end, int total) {

  /** Checks that the range lies in the model and is not empty. */
  public LayerRange {
    if (first < 0 || end <= first || total < end) {
      throw new IllegalArgumentException(
          "layers "
              + first
              + " to "
              + end
              + " of "
              + total
              + "; expected 0 <= first < end <= total");
    }
  }

  /**
   * All layers of a model.
   *
   * @param config the model
   * @return the whole range
   */
  public static LayerRange all(ModelConfig config) {
    return new LayerRange(0, config.layers().size(), config.layers().size());
  }

  /**
   * The layers themselves.
   *
   * @param config the model
   * @return in their order
   */
  public List<LayerConfig> of(ModelConfig config) {
    return config.layers().subList(first, end);
  }

  /**
   * How many layers.
   *
   * @return 1 or more
   */
  public int count() {
    return end - first;
  }

  /**
   * Whether it is the whole model.
   *
   * @return true for all layers
   */
  public boolean isWhole() {
    return isFirstStage() && isLastStage();
  }

  /**
   * Whether the stage starts from token ids (it holds the embedding) and not from hidden states.
   *
   * @return true where the first layer is in it
   */
  public boolean isFirstStage() {
    return first == 0;
  }

  /**
   * Whether the stage ends in logits (it holds the final norm and the head).
   *
   * @return true where the last layer is in it
   */
  public boolean isLastStage() {
    return end == total;
  }
}
