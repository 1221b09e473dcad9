package dev.loquat.memory;

import java.util.Objects;

/** One thing to do where memory does not suffice. */
public sealed interface OutOfMemoryRung {

  /** The rungs that need no more than their name. */
  enum Step implements OutOfMemoryRung {
    /**
     * Gives back what is only kept for reuse: beginnings of prompts in free slots, buffers, freed
     * memory of the C library.
     */
    FREE_CACHES,
    /**
     * Has fewer generations side by side: as many as fit, when a model is loaded; half as many,
     * when a step fails. Running generations are preempted, begin again with the tokens they have,
     * and give the same text. The batch stays as small until the model is loaded again.
     */
    SMALLER_BATCH,
    /** Loads the model in FP16. */
    HALF_PRECISION,
    /** Loads the model in INT8, or in INT4 where that does not suffice. */
    QUANTIZE,
    /** Loads the model onto another device of this machine that has enough memory. */
    OTHER_DEVICE
  }

  /**
   * Loads a smaller model, with the precision and the batch that were asked for of the larger one.
   *
   * @param source where its checkpoint comes from, as {@code Loquat.model} takes it
   */
  record SmallerModel(String source) implements OutOfMemoryRung {

    /** Checks for null. */
    public SmallerModel {
      Objects.requireNonNull(source, "source");
    }

    @Override
    public String toString() {
      return "SMALLER_MODEL(" + source + ")";
    }
  }

  /** Gives back what is only kept for reuse. */
  OutOfMemoryRung FREE_CACHES = Step.FREE_CACHES;

  /** Has fewer generations side by side. */
  OutOfMemoryRung SMALLER_BATCH = Step.SMALLER_BATCH;

  /** Loads the model in FP16. */
  OutOfMemoryRung HALF_PRECISION = Step.HALF_PRECISION;

  /** Loads the model in integers. */
  OutOfMemoryRung QUANTIZE = Step.QUANTIZE;

  /** Loads the model onto another device. */
  OutOfMemoryRung OTHER_DEVICE = Step.OTHER_DEVICE;

  /**
   * Loads a smaller model.
   *
   * @param source where its checkpoint comes from, as {@code Loquat.model} takes it
   * @return the rung
   */
  static OutOfMemoryRung smallerModel(String source) {
    return new SmallerModel(source);
  }
}
