package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;

/** How one family of models writes its configuration and names its weights. */
public interface ModelFamily {

  /**
   * Reads the configuration.
   *
   * @param config the fields of {@code config.json}
   * @return the model as data
   * @throws dev.loquat.error.CheckpointException if a field is missing or out of range
   * @throws dev.loquat.error.UnsupportedModelException if the model has a feature not supported
   */
  ModelConfig read(JsonFields config);

  /**
   * The name of a weight in the checkpoint.
   *
   * @param role what the weight does
   * @param layer its layer, ignored for roles outside the layers
   * @return the name
   */
  String weightName(WeightRole role, int layer);
}
