package dev.loquat.internal.scheduler;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.List;

/**
 * What the next step computes.
 *
 * @param copies the beginnings that move to other slots first, in this order
 * @param chunks one for each sequence that takes part, decodes before prefills
 */
public record StepPlan(List<SlotCopy> copies, List<Chunk> chunks) {

  /** Copies the lists. */
  public StepPlan {
    copies = List.copyOf(copies);
    chunks = List.copyOf(chunks);
  }

  /**
   * The next tokens of one sequence.
   *
   * @param sequence the sequence
   * @param firstPosition the position of the first token
   * @param tokens how many of its pending tokens are computed
   * @param drafts how many drafted tokens follow them
   * @param logitsRows how many of the last positions get logits
   */
  public record Chunk(
      Sequence sequence, int firstPosition, int tokens, int drafts, int logitsRows) {

    /**
     * Whether no pending token is left, so that the step yields new tokens.
     *
     * @return true for a decode and for the last chunk of a prefill
     */
    public boolean completes() {
      return firstPosition + tokens == sequence.length();
    }

    ForwardRow row() {
      return new ForwardRow(
          sequence.slot(), firstPosition, sequence.tokens(tokens, drafts), logitsRows);
    }
  }

  /**
   * The step as the backend takes it. Its rows of logits are those of the chunks, in order.
   *
   * @return one row for each chunk
   */
  public ForwardBatch batch() {
    return new ForwardBatch(chunks.stream().map(Chunk::row).toList());
  }

  /**
   * All sequences of the step.
   *
   * @return in the order of the chunks
   */
  public List<Sequence> sequences() {
    return chunks.stream().map(Chunk::sequence).toList();
  }
}
