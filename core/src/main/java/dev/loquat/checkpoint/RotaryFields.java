package dev.loquat.checkpoint;

import dev.loquat.error.UnsupportedModelException;

/**
 * Reads a rotary embedding in both spellings of {@code config.json}: {@code rope_theta} beside
 * {@code rope_scaling}, and transformers 5's {@code rope_parameters}, which may hold one entry for
 * each layer type.
 */
public final class RotaryFields {
  private static final double DEFAULT_THETA = 10_000;
  private static final int MAX_CONTEXT = 1 << 30;

  private RotaryFields() {}

  /**
   * Reads the embedding of one layer type.
   *
   * @param config the fields of {@code config.json}
   * @param layerType the layer type, such as {@code full_attention}
   * @param dimension how many of a head's elements are rotated
   * @param contextLength the model's context, which scalings take for the trained one if the file
   *     does not say that
   * @return the embedding
   * @throws UnsupportedModelException if its scaling is of a kind that is not supported
   */
  public static RotaryConfig read(
      JsonFields config, String layerType, int dimension, int contextLength) {
    JsonFields entry = RotaryEntry.of(config, layerType);
    double theta = entry.number("rope_theta", config.number("rope_theta", DEFAULT_THETA));
    if (theta <= 1) {
      throw (entry.has("rope_theta") ? entry : config).wrong("rope_theta", "a number above 1");
    }
    return new RotaryConfig(dimension, theta, kind(entry, config, contextLength));
  }

  /**
   * Reads which part of a head is rotated.
   *
   * @param config the fields of {@code config.json}
   * @param layerType the layer type, such as {@code full_attention}
   * @return the part, above 0 and at most 1, which is the default
   */
  public static double rotatedPart(JsonFields config, String layerType) {
    String name = "partial_rotary_factor";
    JsonFields entry = RotaryEntry.of(config, layerType);
    JsonFields holder = entry.has(name) ? entry : config;
    double part = holder.positive(name, 1);
    if (part > 1) {
      throw holder.wrong(name, "a number above 0, at most 1");
    }
    return part;
  }

  private static RotaryScaling kind(JsonFields fields, JsonFields config, int contextLength) {
    String type = fields.text("rope_type", fields.text("type", "default"));
    return switch (type) {
      case "default" -> new RotaryScaling.None();
      case "linear" -> new RotaryScaling.Linear(required(fields, "factor"));
      case "llama3" -> llama3(fields, originalContext(fields, config, contextLength));
      case "yarn" ->
          YarnFields.read(fields, originalContext(fields, config, contextLength), contextLength);
      default ->
          throw new UnsupportedModelException(
              fields.where()
                  + ": rope type '"
                  + type
                  + "' is not supported; supported are default, linear, llama3 and yarn.");
    };
  }

  private static RotaryScaling llama3(JsonFields fields, int originalContext) {
    double low = required(fields, "low_freq_factor");
    double high = required(fields, "high_freq_factor");
    if (high <= low) {
      throw fields.wrong("high_freq_factor", "more than low_freq_factor " + low);
    }
    return new RotaryScaling.Llama3(required(fields, "factor"), low, high, originalContext);
  }

  /** Beside the scaling it wins over inside it, as in transformers. */
  private static int originalContext(JsonFields fields, JsonFields config, int contextLength) {
    String name = "original_max_position_embeddings";
    return (config.has(name) ? config : fields).count(name, MAX_CONTEXT, contextLength);
  }

  static double required(JsonFields fields, String name) {
    if (!fields.has(name)) {
      throw fields.wrong(name, "a number above 0");
    }
    return fields.positive(name, 1);
  }
}
