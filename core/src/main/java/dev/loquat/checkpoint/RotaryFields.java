package dev.loquat.checkpoint;

import dev.loquat.error.UnsupportedModelException;

/**
 * Reads a rotary embedding in both spellings of {@code config.json}: {@code rope_theta} beside
 * {@code rope_scaling}, and transformers 5's {@code rope_parameters}, which may hold one entry for
 * each layer type.
 */
public final class RotaryFields {
  private static final double DEFAULT_THETA = 10_000;
  static final int MAX_CONTEXT = 1 << 30;

  private RotaryFields() {}

  /**
   * Reads the embedding of one layer type.
   *
   * @param config the fields of {@code config.json}
   * @param layerType the layer type, such as {@code full_attention}
   * @param dimension how many of a head's elements are rotated
   * @return the embedding
   * @throws UnsupportedModelException if its scaling is of a kind that is not supported
   */
  public static RotaryConfig read(JsonFields config, String layerType, int dimension) {
    JsonFields scaling = scaling(config, layerType);
    double theta = scaling.number("rope_theta", config.number("rope_theta", DEFAULT_THETA));
    if (theta <= 1) {
      throw (scaling.has("rope_theta") ? scaling : config).wrong("rope_theta", "a number above 1");
    }
    return new RotaryConfig(dimension, theta, kind(scaling, config));
  }

  private static JsonFields scaling(JsonFields config, String layerType) {
    JsonFields parameters =
        config
            .object("rope_parameters")
            .or(() -> config.object("rope_scaling"))
            .orElse(new JsonFields(config.where(), config.json().path("")));
    return parameters.object(layerType).orElse(parameters);
  }

  private static RotaryScaling kind(JsonFields fields, JsonFields config) {
    String type = fields.text("rope_type", fields.text("type", "default"));
    return switch (type) {
      case "default" -> new RotaryScaling.None();
      case "linear" -> new RotaryScaling.Linear(required(fields, "factor"));
      case "llama3" -> llama3(fields);
      case "yarn" -> YarnFields.read(fields, config);
      default ->
          throw new UnsupportedModelException(
              fields.where()
                  + ": rope type '"
                  + type
                  + "' is not supported; supported are default, linear, llama3 and yarn.");
    };
  }

  private static RotaryScaling llama3(JsonFields fields) {
    double low = required(fields, "low_freq_factor");
    double high = required(fields, "high_freq_factor");
    if (high <= low) {
      throw fields.wrong("high_freq_factor", "more than low_freq_factor " + low);
    }
    return new RotaryScaling.Llama3(
        required(fields, "factor"),
        low,
        high,
        fields.count("original_max_position_embeddings", MAX_CONTEXT));
  }

  static double required(JsonFields fields, String name) {
    if (!fields.has(name)) {
      throw fields.wrong(name, "a number above 0");
    }
    return fields.positive(name, 1);
  }
}
