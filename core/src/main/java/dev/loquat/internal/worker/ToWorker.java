package dev.loquat.internal.worker;

import dev.loquat.internal.engine.EngineRequest;

/** What a worker is told. */
sealed interface ToWorker {

  /** What will probably have to be loaded; the first message to a process that waits. */
  record Prepare(WorkerTerms terms) implements ToWorker {}

  /** What to load; the first message otherwise. */
  record Load(WorkerTerms terms) implements ToWorker {}

  /** A request, and how long ago it was submitted. */
  record Submit(long id, EngineRequest request, long waitedNanos) implements ToWorker {}

  /** Ends a request where it is. */
  record Cancel(long id) implements ToWorker {}

  /** Gives memory back that is kept for reuse. */
  record EmptyCache(long id) implements ToWorker {}

  /** Asks whether it is there. */
  record Ping() implements ToWorker {}

  /** Ends it. */
  record Close() implements ToWorker {}
}
