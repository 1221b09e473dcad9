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
