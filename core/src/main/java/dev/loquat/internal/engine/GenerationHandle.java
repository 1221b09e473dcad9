package dev.loquat.internal.engine;

import dev.loquat.generation.GenerationResult;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;

/**
 * The caller's end of a generation.
 *
 * <p>One thread reads; any thread may cancel. An interrupt while waiting cancels the generation,
 * stays set and surfaces as {@link CancellationException}.
 */
public final class GenerationHandle {
  private final BlockingQueue<GenerationEvent> events;
  private final Runnable cancellation;
  private Optional<GenerationEvent> end = Optional.empty();

  GenerationHandle(BlockingQueue<GenerationEvent> events, Runnable cancellation) {
    this.events = events;
    this.cancellation = cancellation;
  }

  /**
   * Waits for the next piece of text.
   *
   * @return the piece, or empty at the end of the text
   * @throws dev.loquat.error.LoquatException if the generation failed
   */
  public Optional<String> next() {
    if (end.isEmpty() && waitForEvent() instanceof GenerationEvent.Text text) {
      return Optional.of(text.text());
    }
    throwFailure();
    return Optional.empty();
  }

  /**
   * Waits for the end; pieces that were not read are dropped.
   *
   * @return the whole
   * @throws dev.loquat.error.LoquatException if the generation failed
   */
  public GenerationResult result() {
    while (end.isEmpty()) {
      waitForEvent();
    }
    throwFailure();
    return ((GenerationEvent.Finished) end.get()).result();
  }

  /** Asks the engine to end the generation where it is, which it does before its next step. */
  public void cancel() {
    cancellation.run();
  }

  private GenerationEvent waitForEvent() {
    try {
      GenerationEvent event = events.take();
      if (!(event instanceof GenerationEvent.Text)) {
        end = Optional.of(event);
      }
      return event;
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("Interrupted while waiting for the model; it was told to stop");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  private void throwFailure() {
    if (end.isPresent() && end.get() instanceof GenerationEvent.Failed failed) {
      throw failed.cause();
    }
  }
}
