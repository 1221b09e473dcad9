package dev.loquat.internal.pipeline;

import dev.loquat.checkpoint.ModelConfig;

/**
 * The widths of what goes through a model.
 *
 * @param hidden the residual stream of a token
 * @param vocabulary a row of logits
 */
record ModelWidth(int hidden, int vocabulary) {

  static ModelWidth of(ModelConfig config) {
    return new ModelWidth(config.hiddenSize(), config.vocabularySize());
  }
}
