package dev.loquat.checkpoint;

import java.util.List;
import java.util.Objects;

/**
 * A decoder as data: what both lowerings build from, without the name of a family.
 *
 * <p>Every layer is {@code x += attention(norm(x)); x += mlp(norm(x))} with RMS norms.
 *
 * @param modelType the family's name in {@code config.json}, for messages only
 * @param hiddenSize the width of the residual stream
 * @param vocabularySize the number of token ids, from 0
 * @param contextLength the most tokens that a sequence may have
 * @param normEpsilon what RMS norms add to the mean square
 * @param tiedHead whether the head is the embedding
 * @param layers the layers, first to last
 */
public record ModelConfig(
    String modelType,
    int hiddenSize,
    int vocabularySize,
    int contextLength,
    double normEpsilon,
    boolean tiedHead,
    List<LayerConfig> layers) {

  /** Copies the layers and checks the sizes. */
  public ModelConfig {
    Objects.requireNonNull(modelType, "modelType");
    layers = List.copyOf(layers);
    Checks.positive(hiddenSize, "hiddenSize");
    Checks.positive(vocabularySize, "vocabularySize");
    Checks.positive(contextLength, "contextLength");
    Checks.positive(layers.size(), "layers");
    Checks.positive(normEpsilon, "normEpsilon");
  }
}
