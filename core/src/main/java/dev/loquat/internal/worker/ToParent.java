package dev.loquat.internal.worker;

import dev.loquat.generation.EngineLoad;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.OutOfMemoryReport;
import dev.loquat.observation.StepReport;
import java.util.Optional;

/** What a worker tells. */
sealed interface ToParent {

  /** The model is loaded. */
  record Loaded(WorkerInfo info) implements ToParent {}

  /** The model can't be loaded, or its engine has ended by itself; the last message. */
  record Ended(FailureText cause) implements ToParent {}

  /** A step computes for a request. */
  record Started(long id) implements ToParent {}

  /** News of one part of a request. */
  record News(long id, int part, WireEvent event) implements ToParent {}

  /** What was kept for reuse has been given back, or could not be. */
  record Emptied(long id, Optional<FailureText> failure) implements ToParent {}

  /** How busy it is. */
  record Load(EngineLoad load) implements ToParent {}

  /** A step has ended. */
  record Step(StepReport report) implements ToParent {}

  /** A generation has ended. */
  record Generation(GenerationReport report) implements ToParent {}

  /** A draft model failed. */
  record DraftFailure(FailureText cause) implements ToParent {}

  /** A rung was taken. */
  record Relieved(OutOfMemoryReport report) implements ToParent {}

  /** A reading of memory, at a phase's end or during it. */
  record Memory(MemoryPhase phase, MemoryReading reading, boolean isEnd) implements ToParent {}

  /** It is there. */
  record Pong() implements ToParent {}

  /** Everything was given back; the last message. */
  record Closed(MemoryReading reading, LeakCheck left) implements ToParent {}
}
