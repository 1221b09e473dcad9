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
final class EventChannel {
  private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile @Nullable Runnable signal;

  /** Adds an event that is not the last. */
  void add(GenerationEvent event) {
    events.add(event);
    Runnable listener = signal;
    if (listener != null) {
      listener.run();
    }
  }

  /** Adds the last event, if there was none. */
  void end(GenerationEvent event) {
    if (ended.complete(null)) {
      add(event);
    }
  }

  /** Completes with the end. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  GenerationEvent take() throws InterruptedException {
    return events.take();
  }

  @Nullable GenerationEvent poll() {
    return events.poll();
  }

  /** Calls the signal now and after every event; it must not wait and must not throw. */
  void onEvent(Runnable listener) {
    signal = listener;
    listener.run();
  }
}
