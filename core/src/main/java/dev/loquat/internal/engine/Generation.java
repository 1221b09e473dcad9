package dev.loquat.internal.engine;

import dev.loquat.backend.TokenDraw;
import dev.loquat.generation.FinishReason;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import java.util.List;
import java.util.Optional;

/**
 * One request on its way to what it asked for.
 *
 * <p>Owned by the engine thread once it was submitted.
 */
interface Generation {

  /** What is the same for every kind of request. */
  Submission submission();

  /** The sequences that run for it; the first is the one to submit. */
  List<Sequence> sequences();

  /**
   * What the device is to draw before {@link #decode}, where it can; by default nothing.
   *
   * @param chunk one of its chunks that got logits
   */
  default List<TokenDraw> draws(LogitsChunk chunk) {
    return List.of();
  }

  /**
   * Takes the logits of a step.
   *
   * @param chunks its chunks that got logits
   * @param row room for a row of logits, to be overwritten
   * @return what becomes of its sequences
   */
  List<StepOutcome> decode(List<LogitsChunk> chunks, float[] row);

  /** What guesses its tokens ahead; empty for what has no single text. */
  default Optional<Speculator> speculator() {
    return Optional.empty();
  }

  /** The tokens generated so far. */
  int newTokens();

  /** Why its text ended; empty before, and for what has no text of its own. */
  Optional<FinishReason> finishReason();

  /** Ends it where it is. */
  void breakOff(FinishReason reason);

  /** Tells the reader what is new since the last call. */
  void publish();
}
