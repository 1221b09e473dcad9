package dev.loquat.internal.engine;

import dev.loquat.observation.EngineListener;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What callers ask of the engine thread. */
sealed interface EngineCommand {

  /** Takes a request in. */
  record Submit(Generation generation) implements EngineCommand {}

  /** Ends a request where it is; one that ended already is left alone. */
  record Cancel(Generation generation) implements EngineCommand {}

  /** Tells listeners of what happened without a step, on the thread that they are called on. */
  record Tell(Consumer<EngineListener> message) implements EngineCommand {}

  /** Gives memory back that is kept for reuse, then completes the future. */
  record EmptyCache(CompletableFuture<Void> done) implements EngineCommand {}

  /** Ends the engine. */
  record Close() implements EngineCommand {}
}
