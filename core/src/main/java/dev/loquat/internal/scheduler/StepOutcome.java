package dev.loquat.internal.scheduler;

/** What a step meant for a sequence that got a new token. */
public sealed interface StepOutcome {

  /**
   * The sequence.
   *
   * @return one of {@link StepPlan#sampled}
   */
  Sequence sequence();

  /**
   * It goes on from the token.
   *
   * @param sequence the sequence
   * @param token its new token
   */
  record Continued(Sequence sequence, int token) implements StepOutcome {}

  /**
   * It ends here and leaves its slot.
   *
   * @param sequence the sequence
   */
  record Ended(Sequence sequence) implements StepOutcome {}
}
