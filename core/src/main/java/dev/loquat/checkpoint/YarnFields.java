package dev.loquat.checkpoint;

import dev.loquat.error.UnsupportedModelException;

/** Reads YaRN's scaling, with transformers' defaults for what is lacking. */
final class YarnFields {
  private static final double DEFAULT_FAST = 32;
  private static final double DEFAULT_SLOW = 1;

  private YarnFields() {}

  static RotaryScaling.Yarn read(JsonFields fields, int originalContext, int contextLength) {
    if (!fields.flag("truncate", true)) {
      throw new UnsupportedModelException(
          fields.where()
              + ": truncate is false; supported is YaRN with bounds that are truncated.");
    }
    double slow = fields.positive("beta_slow", DEFAULT_SLOW);
    double fast = fields.positive("beta_fast", DEFAULT_FAST);
    if (fast < slow) {
      throw fields.wrong("beta_fast", "beta_slow " + slow + " or more");
    }
    double factor = fields.positive("factor", (double) contextLength / originalContext);
    return new RotaryScaling.Yarn(
        factor, fast, slow, originalContext, attentionFactor(fields, factor));
  }

  private static double attentionFactor(JsonFields fields, double factor) {
    double usual =
        fields.has("mscale") && fields.has("mscale_all_dim")
            ? magnitude(factor, fields.positive("mscale", 1))
                / magnitude(factor, fields.positive("mscale_all_dim", 1))
            : magnitude(factor, 1);
    if (!(usual > 0 && Double.isFinite(usual))) {
      throw fields.wrong("mscale", "a number that gives a finite attention factor");
    }
    return fields.positive("attention_factor", usual);
  }

  /** How much attention is sharpened, as fitted in the paper. */
  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }
}
