package dev.loquat.internal.engine;

import dev.loquat.error.LoquatException;
import dev.loquat.observation.EngineListener;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What callers ask of the engine thread. */
sealed interface EngineCommand {

  /** Lets whoever asked know that nobody will obey. */
  default void refuse(LoquatException end) {}

  /** Takes a request in. */
  record Submit(Generation generation) implements EngineCommand {

    @Override
    public void refuse(LoquatException end) {
      generation.submission().fail(end);
      generation.publish();
    }
  }

  /** Ends a request where it is; one that ended already is left alone. */
  record Cancel(Generation generation) implements EngineCommand {}

  /** Tells listeners of what happened without a step, on the thread that they are called on. */
  record Tell(Consumer<EngineListener> message) implements EngineCommand {}

  /** Gives memory back that is kept for reuse, then completes the future. */
  record EmptyCache(CompletableFuture<Void> done) implements EngineCommand {

    @Override
    public void refuse(LoquatException end) {
      done.completeExceptionally(end);
    }
  }

  /** Ends the engine. */
  record Close() implements EngineCommand {}
}
