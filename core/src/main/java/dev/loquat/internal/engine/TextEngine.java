package dev.loquat.internal.engine;

import dev.loquat.error.ModelClosedException;
import dev.loquat.error.QueueFullException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.GenerationRequest;
import java.time.Duration;
import java.util.List;

/**
 * What generates for any number of callers: one engine, or several behind one queue.
 *
 * <p>Safe for use by several threads.
 */
public interface TextEngine extends AutoCloseable {
  /** How long {@link #close()} waits for a step that runs. */
  Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

  /**
   * Takes a request in; waits while the queue is full.
   *
   * @param request what to generate
   * @return the running generation; the caller reads or closes it
   * @throws dev.loquat.error.PromptTooLongException if the prompt does not fit the context
   * @throws ModelClosedException if the engine is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  GenerationHandle submit(GenerationRequest request);

  /**
   * Takes a beam search in; waits while the queue is full.
   *
   * @param request what to generate
   * @param options how to search
   * @return the running search; the caller reads or closes it
   * @see #submit(GenerationRequest)
   */
  GenerationHandle submit(GenerationRequest request, BeamOptions options);

  /**
   * Takes a text in to be scored; waits while the queue is full.
   *
   * @param text the text, as the prompt
   * @return the parts of the text in their order; the caller reads or closes them
   * @see #submit(GenerationRequest)
   */
  List<GenerationHandle> score(GenerationRequest text);

  /**
   * Takes a request in if the queue has a place for it.
   *
   * @param request what to generate
   * @return the running generation; the caller reads or closes it
   * @throws QueueFullException if it has none
   * @see #submit(GenerationRequest)
   */
  GenerationHandle submitNow(GenerationRequest request);

  /**
   * Takes a beam search in if the queue has a place for it.
   *
   * @param request what to generate
   * @param options how to search
   * @return the running search; the caller reads or closes it
   * @throws QueueFullException if it has none
   * @see #submit(GenerationRequest, BeamOptions)
   */
  GenerationHandle submitNow(GenerationRequest request, BeamOptions options);

  /**
   * Takes a text in to be scored if the queue has a place for all of it.
   *
   * @param text the text, as the prompt
   * @return the parts of the text in their order; the caller reads or closes them
   * @throws QueueFullException if it has none
   * @see #score(GenerationRequest)
   */
  List<GenerationHandle> scoreNow(GenerationRequest text);

  /**
   * Counts the tokens of a text, on the caller's thread.
   *
   * @param text the text
   * @param addSpecialTokens whether to count the tokens that the tokenizer puts around it
   * @return 0 or more
   * @throws ModelClosedException if the engine is closed
   */
  int countTokens(String text, boolean addSpecialTokens);

  /**
   * How busy the engine is. An end that was told to its reader shows in it.
   *
   * @return the sequences and slots as of now
   */
  EngineLoad load();

  /**
   * Gives memory back to the device that is kept for reuse, between two steps: beginnings of
   * prompts in free slots, and what the backend keeps.
   *
   * @throws ModelClosedException if the engine is closed
   */
  void emptyCache();

  /**
   * Whether the engine has ended, by itself or closed.
   *
   * @return true if it takes no more requests
   */
  boolean hasEnded();

  /**
   * Fails what still runs, then gives everything back, after {@link #CLOSE_PATIENCE} at most.
   *
   * @see #close(Duration)
   */
  @Override
  default void close() {
    boolean unused = close(CLOSE_PATIENCE);
  }

  /**
   * Fails what still runs, then gives everything back. A second call does nothing. On the engine's
   * own thread, where a caller's executor may run, it only asks for that.
   *
   * @param patience how long to wait for a step that runs, zero or more; if it does not end,
   *     waiting callers are released, and the engine's thread gives everything back when it does
   * @return whether everything was given back
   * @throws IllegalArgumentException if the patience is negative
   */
  boolean close(Duration patience);
}
