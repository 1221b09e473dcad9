package dev.loquat.internal.engine;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way of events from the engine thread to one reader. Holds at most an event for each token, so
 * a slow reader holds up nobody.
 *
 * <p>The engine thread adds; any thread may end it, and the first end counts; the reader waits, or
 * is told by a signal when there is something.
 */
public final class EventChannel {
  private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean isStarted;
  private volatile @Nullable Runnable signal;

  /** Creates it, empty. */
  public EventChannel() {}

  /** Notes that a step computes for the generation; later calls do nothing. */
  public void start() {
    if (!isStarted) {
      isStarted = true;
      signal();
    }
  }

  /** Whether a step has computed for the generation. */
  boolean isStarted() {
    return isStarted;
  }

  /**
   * Adds an event that is not the last.
   *
   * @param event text
   */
  public void add(GenerationEvent event) {
    events.add(event);
    signal();
  }

  /**
   * Adds the last event, if there was none.
   *
   * @param event a result or a failure
   */
  public void end(GenerationEvent event) {
    if (ended.complete(null)) {
      add(event);
    }
  }

  private void signal() {
    Runnable listener = signal;
    if (listener != null) {
      listener.run();
    }
  }

  /**
   * The end.
   *
   * @return completes with the last event, before it is added
   */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Waits for an event; the last one comes to whoever takes after it, too. */
  GenerationEvent take() throws InterruptedException {
    return kept(events.take());
  }

  @Nullable GenerationEvent poll() {
    GenerationEvent event = events.poll();
    return event == null ? null : kept(event);
  }

  private GenerationEvent kept(GenerationEvent event) {
    if (!(event instanceof GenerationEvent.Text)) {
      events.add(event);
    }
    return event;
  }

  /** Calls the signal now and after every event; it must not wait and must not throw. */
  void onEvent(Runnable listener) {
    signal = listener;
    listener.run();
  }

  /** Calls the signal now if the end has come, and once it has; it must not wait and not throw. */
  void onEnd(Runnable listener) {
    onEvent(
        () -> {
          if (ended.isDone()) {
            listener.run();
          }
        });
  }
}
