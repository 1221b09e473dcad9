package dev.loquat.internal.engine;

import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.TokenLogProbs;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * The caller's end of a generation.
 *
 * <p>One thread reads the pieces; any thread may wait for the end, which drops pieces that were not
 * read, and any may cancel. Calls that would wait throw {@link IllegalStateException} on the
 * engine's own thread, which can't wait for itself. An interrupt while waiting cancels the
 * generation, stays set and surfaces as {@link CancellationException}.
 */
public final class GenerationHandle {
  private final EventChannel events;
  private final Runnable cancellation;
  private final BooleanSupplier isOwnThread;
  private volatile Optional<GenerationEvent> end = Optional.empty();

  /**
   * Creates it.
   *
   * @param events where the events come from
   * @param cancellation asks for the end, on any thread
   * @param isOwnThread whether the thread that asks computes for the generation
   */
  public GenerationHandle(EventChannel events, Runnable cancellation, BooleanSupplier isOwnThread) {
    this.events = events;
    this.cancellation = cancellation;
    this.isOwnThread = isOwnThread;
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
    return end(GenerationEvent.Finished.class).result();
  }

  /**
   * Waits for the end of a beam search.
   *
   * @return the best texts, the best first
   * @throws dev.loquat.error.LoquatException if the search failed
   */
  public List<ScoredText> ranked() {
    return end(GenerationEvent.Ranked.class).texts();
  }

  /**
   * Waits for the end of a scoring.
   *
   * @return the positions that were scored
   * @throws dev.loquat.error.LoquatException if it failed
   */
  public List<TokenLogProbs> scored() {
    return end(GenerationEvent.Scored.class).tokens();
  }

  /**
   * Takes what there is, without waiting.
   *
   * @return the next piece of text or the end; empty if there is nothing yet, or nothing more
   */
  public Optional<GenerationEvent> poll() {
    return end.isPresent() ? Optional.empty() : Optional.ofNullable(events.poll()).map(this::note);
  }

  /**
   * Asks to be told of news in the place of waiting for it.
   *
   * @param listener called now, after every event and when the first step begins, on the engine's
   *     thread: must not wait
   */
  public void onEvent(Runnable listener) {
    events.onEvent(listener);
  }

  /**
   * Asks to be told of the end in the place of waiting for it.
   *
   * @param listener called when the end has come, now if it has; on the engine's thread: must not
   *     wait
   */
  public void onEnd(Runnable listener) {
    events.onEnd(listener);
  }

  /**
   * Drops the pieces that there are, without waiting.
   *
   * @return whether that came to the end
   */
  public boolean skipToEnd() {
    Optional<GenerationEvent> event = poll();
    while (event.isPresent()) {
      event = poll();
    }
    return end.isPresent();
  }

  /**
   * Whether the end that was read is a failure.
   *
   * @return false before the end was read
   */
  public boolean hasFailed() {
    return end.isPresent() && end.get() instanceof GenerationEvent.Failed;
  }

  /**
   * Refuses to wait on the engine's own thread.
   *
   * @throws IllegalStateException there
   */
  public void requireOtherThread() {
    if (isOwnThread.getAsBoolean()) {
      throw OwnThread.refusal();
    }
  }

  /**
   * Whether a step has computed for the generation. Safe for any thread.
   *
   * @return false while it waits
   */
  public boolean hasStarted() {
    return events.isStarted();
  }

  /** Asks the engine to end the generation where it is, which it does before its next step. */
  public void cancel() {
    cancellation.run();
  }

  private <T extends GenerationEvent> T end(Class<T> kind) {
    while (end.isEmpty()) {
      waitForEvent();
    }
    throwFailure();
    return kind.cast(end.get());
  }

  private GenerationEvent waitForEvent() {
    GenerationEvent known = events.poll();
    if (known != null) {
      return note(known);
    }
    requireOtherThread();
    try {
      return note(events.take());
    } catch (InterruptedException e) {
      cancel();
      throw Interruptions.cancelled(e);
    }
  }

  private GenerationEvent note(GenerationEvent event) {
    if (!(event instanceof GenerationEvent.Text)) {
      end = Optional.of(event);
    }
    return event;
  }

  private void throwFailure() {
    if (end.isPresent() && end.get() instanceof GenerationEvent.Failed failed) {
      throw failed.forCaller();
    }
  }
}
