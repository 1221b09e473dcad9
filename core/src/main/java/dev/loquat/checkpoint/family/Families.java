package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.JsonFields;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.UnsupportedModelException;
import java.util.Map;
import java.util.TreeMap;

/** The families that Loquat reads, by {@code model_type}. */
public final class Families {
  private static final Map<String, ModelFamily> FAMILIES =
      new TreeMap<>(Map.of("llama", new Llama(), "mistral", new Mistral()));

  private Families() {}

  /**
   * The family of a checkpoint.
   *
   * @param config the fields of {@code config.json}
   * @return the family
   * @throws CheckpointException if it has no {@code model_type}
   * @throws UnsupportedModelException if its {@code model_type} is unknown or it is quantized
   */
  public static ModelFamily of(JsonFields config) {
    requireType(config);
    String type = config.text("model_type", "");
    ModelFamily family = FAMILIES.get(type);
    if (family == null) {
      throw new UnsupportedModelException(
          config.where()
              + ": model_type is '"
              + type
              + "'; supported are "
              + FAMILIES.keySet()
              + ".");
    }
    if (config.has("quantization_config")) {
      throw new UnsupportedModelException(
          config.where()
              + ": the weights are quantized (quantization_config); expected the original"
              + " FP32, FP16 or BF16 checkpoint.");
    }
    return family;
  }

  private static void requireType(JsonFields config) {
    if (!config.has("model_type")) {
      throw new CheckpointException(
          config.where()
              + ": model_type is missing; expected one of "
              + FAMILIES.keySet()
              + ". It is no language model's configuration, or was cut; fetch it again.");
    }
  }
}
