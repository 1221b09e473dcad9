package dev.loquat.internal.planning;

import dev.loquat.backend.CacheLayout;
import dev.loquat.checkpoint.ModelConfig;

/**
 * What a pipeline holds of the machine's memory beside its stages: in each lane the hidden states
 * of the widest step, and a copied row of logits for each slot.
 *
 * <p>Rows are counted where logits are not copied, too. Guesses ahead and scored texts, whose steps
 * have more rows, are not counted.
 *
 * @param config the model
 * @param lanes how many steps are under way at once, 1 or more
 */
record BetweenStages(ModelConfig config, int lanes) {

  /** The bytes, single precision throughout. */
  long bytes(PlanTerms terms) {
    int used = Math.min(lanes, terms.layout().slots());
    return Float.BYTES
        * LaneLayouts.of(terms.layout(), used).stream()
            .mapToLong(lane -> numbers(lane, terms.stepTokens()))
            .sum();
  }

  private long numbers(CacheLayout lane, int stepTokens) {
    return widestStep(lane, stepTokens) * config.hiddenSize()
        + (long) lane.slots() * config.vocabularySize();
  }

  /** A full prefill while all other slots decode. */
  private static long widestStep(CacheLayout lane, int stepTokens) {
    return Math.min(lane.positions(), stepTokens + lane.slots() - 1L);
  }
}
