package dev.loquat.internal.scheduler;

import java.util.List;

/** What a step meant for a sequence that got logits. */
public sealed interface StepOutcome {

  /**
   * The sequence.
   *
   * @return one of the plan's
   */
  Sequence sequence();

  /**
   * It goes on.
   *
   * @param sequence the sequence
   * @param tokens its new tokens: the drafts that were right, then one that is not computed yet
   */
  record Continued(Sequence sequence, List<Integer> tokens) implements StepOutcome {
    /** Copies the tokens. */
    public Continued {
      tokens = List.copyOf(tokens);
      if (tokens.isEmpty()) {
        throw new IllegalArgumentException("A sequence that goes on has a new token; got none");
      }
    }
  }

  /**
   * Another sequence branches off it. Comes before the outcome that continues it.
   *
   * @param sequence the sequence
   * @param branch a {@link Sequence#branch} of it
   * @param token the branch's new token
   */
  record Branched(Sequence sequence, Sequence branch, int token) implements StepOutcome {}

  /**
   * It ends here and leaves its slot.
   *
   * @param sequence the sequence
   * @param spoilt whether what its slot holds must not serve others
   */
  record Ended(Sequence sequence, boolean spoilt) implements StepOutcome {

    /**
     * It ends here, and its slot keeps what it holds for others.
     *
     * @param sequence the sequence
     */
    public Ended(Sequence sequence) {
      this(sequence, false);
    }
  }
}
