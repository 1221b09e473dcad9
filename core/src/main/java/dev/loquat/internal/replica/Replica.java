package dev.loquat.internal.replica;

import dev.loquat.error.LoquatException;
import dev.loquat.generation.EngineLoad;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.PreparedRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * One of several engines of a model.
 *
 * <p>Safe for use by several threads.
 */
public interface Replica {

  /**
   * Takes a request in, whether or not a slot is free. Never waits.
   *
   * @param request a request that no replica took before
   * @return its parts, running; each comes to an end, by {@link
   *     dev.loquat.internal.engine.GenerationEvent.Failed} if the replica ends before
   * @throws dev.loquat.error.LoquatException if the replica has ended
   */
  List<GenerationHandle> take(PreparedRequest request);

  /**
   * How busy it is.
   *
   * @return the sequences and slots as of now
   */
  EngineLoad load();

  /**
   * Gives memory back to the device that is kept for reuse.
   *
   * @throws dev.loquat.error.LoquatException if the replica has ended
   */
  void emptyCache();

  /**
   * Whether it has ended, by itself or closed. It has before a request fails for that.
   *
   * @return true if it takes no more requests
   */
  boolean hasEnded();

  /**
   * Asks to be told when it has ended though no request ran on it.
   *
   * @param listener called once, at once if it has ended; by default never, for an engine that ends
   *     in its steps only
   */
  default void onEnd(Consumer<LoquatException> listener) {}

  /**
   * Whether this thread is one that the replica needs, so that it can't wait for it.
   *
   * @return true on a thread of the replica's own
   */
  boolean isOwnThread();

  /** Asks it to end without waiting for it. */
  void requestClose();

  /**
   * Waits, after {@link #requestClose}, until it computes nothing any more.
   *
   * @param patience how long to wait
   * @return whether nothing runs
   */
  boolean awaitStep(Duration patience);

  /**
   * Ends it and gives everything back.
   *
   * @param patience how long to wait for that
   * @return whether everything was given back
   */
  boolean close(Duration patience);
}
