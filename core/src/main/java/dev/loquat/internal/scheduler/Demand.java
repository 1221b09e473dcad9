package dev.loquat.internal.scheduler;

/**
 * What a sequence asks of the scheduler.
 *
 * @param priority sequences of a higher one go first, and take the slots of lower ones
 * @param slots how many slots it needs, 1 or more: more where it branches
 * @param promptLogits whether every position of the prompt wants logits
 */
public record Demand(int priority, int slots, boolean promptLogits) {
  /** One slot, in turn, logits only to go on from. */
  public static final Demand ORDINARY = new Demand(0, 1, false);

  /** Checks the slots. */
  public Demand {
    if (slots < 1) {
      throw new IllegalArgumentException("slots is " + slots + "; expected 1 or more");
    }
  }

  /** Its state in the cache can be given up and computed again. */
  boolean isPreemptible() {
    return slots == 1 && !promptLogits;
  }
}
