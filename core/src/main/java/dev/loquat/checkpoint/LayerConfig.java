package dev.loquat.checkpoint;

import java.util.Objects;

/**
 * One layer of a decoder.
 *
 * @param attention its attention
 * @param mlp its MLP
 */
public record LayerConfig(AttentionConfig attention, MlpConfig mlp) {

  /** Checks for nulls. */
  public LayerConfig {
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(mlp, "mlp");
  }
}
