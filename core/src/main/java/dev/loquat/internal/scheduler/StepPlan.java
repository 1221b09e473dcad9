package dev.loquat.internal.scheduler;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.List;

/**
 * What the next step computes.
 *
 * @param chunks one for each sequence that takes part, decodes before prefills
 */
public record StepPlan(List<Chunk> chunks) {

  /** Copies the chunks. */
  public StepPlan {
    chunks = List.copyOf(chunks);
  }

  /**
   * The next tokens of one sequence.
   *
   * @param sequence the sequence
   * @param tokens how many of its pending tokens are computed
   * @param completes whether they are all that is pending, so that the step yields a new token
   */
  public record Chunk(Sequence sequence, int tokens, boolean completes) {

    ForwardRow row() {
      return new ForwardRow(
          sequence.slot(), sequence.cachedLength(), sequence.pending(tokens), completes ? 1 : 0);
    }
  }

  /**
   * The step as the backend takes it. Its rows of logits are those of the chunks that complete, in
   * order.
   *
   * @return one row for each chunk
   */
  public ForwardBatch batch() {
    return new ForwardBatch(chunks.stream().map(Chunk::row).toList());
  }

  /**
   * The sequences that get a new token from this step.
   *
   * @return those of the chunks that complete, in the order of the logits
   */
  public List<Sequence> sampled() {
    return chunks.stream().filter(Chunk::completes).map(Chunk::sequence).toList();
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
