package dev.loquat.internal.engine;

import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.GenerationTimings;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.internal.scheduler.StepPlan.Chunk;
import dev.loquat.memory.LeakCheck;
import dev.loquat.observation.DeviceTime;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.OutOfMemoryReport;
import dev.loquat.observation.StepReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells listeners what the engine did.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class Observers {
  private final Listeners listeners;
  private final LongSupplier nanoClock;
  private long stepStart;

  Observers(List<EngineListener> listeners, LongSupplier nanoClock) {
    this.listeners = new Listeners(listeners);
    this.nanoClock = nanoClock;
  }

  void stepStarts() {
    stepStart = nanoClock.getAsLong();
  }

  void stepEnds(
      StepPlan plan,
      EngineLoad load,
      long deviceBytes,
      DeviceTime deviceTime,
      int newTokens,
      boolean failed) {
    Duration duration = Duration.ofNanos(nanoClock.getAsLong() - stepStart);
    List<Chunk> chunks = plan.chunks();
    int decodes = (int) chunks.stream().filter(Observers::isDecode).count();
    int tokens = chunks.stream().mapToInt(Chunk::tokens).sum();
    StepReport report =
        new StepReport(
            chunks.size(),
            tokens - decodes,
            decodes,
            chunks.stream().mapToInt(Chunk::drafts).sum(),
            newTokens,
            load.takenSlots(),
            load.slots(),
            load.waitingSequences(),
            deviceBytes,
            duration,
            deviceTime,
            failed);
    tell(listener -> listener.onStep(report));
  }

  void ended(Generation generation) {
    GenerationReport report = report(generation);
    tell(listener -> listener.onGeneration(report));
  }

  /** What there is to tell of a generation up to now; for the thread that owns it. */
  static GenerationReport report(Generation generation) {
    Submission submission = generation.submission();
    Sequence sequence = generation.sequences().get(0);
    GenerationTimings timings = submission.timings(generation.newTokens());
    return new GenerationReport(
        sequence.promptLength(),
        sequence.reusedTokens(),
        generation.newTokens(),
        submission.isFailed(),
        submission.isFailed() ? Optional.empty() : generation.finishReason(),
        timings.queued(),
        timings.timeToFirstToken(),
        timings.total(),
        submission.interToken());
  }

  void relieved(OutOfMemoryReport report) {
    tell(listener -> listener.onOutOfMemory(report));
  }

  void closed(LeakCheck left) {
    tell(listener -> listener.onClose(left));
  }

  void draftFailed(RuntimeException cause) {
    tell(listener -> listener.onDraftFailure(cause));
  }

  private static boolean isDecode(Chunk chunk) {
    return chunk.tokens() == 1 && chunk.firstPosition() >= chunk.sequence().promptLength();
  }

  void tell(Consumer<EngineListener> message) {
    listeners.tell(message);
  }
}
