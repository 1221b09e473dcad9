package dev.loquat;

import java.lang.System.Logger;
import java.util.Optional;

/**
 * Warns of a model that was loaded though its plan does not fit.
 *
 * @param shortage what the plan lacks, if it lacks something
 */
record PlanWarning(Optional<PlanShortage> shortage) {
  private static final Logger LOGGER = System.getLogger(PlanWarning.class.getName());

  /**
   * To be made before the load takes the memory that the plan counts on. Layers on the devices of a
   * map are loaded only if they fit.
   */
  static PlanWarning of(Planning planning) {
    boolean fits = !planning.stages().isEmpty() || planning.need().fits();
    return new PlanWarning(
        fits ? Optional.empty() : Optional.of(new PlanShortage(planning.plan())));
  }

  void log() {
    shortage.ifPresent(
        lack ->
            LOGGER.log(
                Logger.Level.WARNING,
                "The memory plan does not fit: {0}. The model was loaded all the same, as KV caches"
                    + " grow with their texts; generations may fail for want of memory. {1}",
                lack.bytes(),
                lack.wayOut()));
  }
}
