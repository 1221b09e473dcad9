package dev.loquat.internal.engine;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.internal.scheduler.ContinuousBatchScheduler;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.memory.MemoryPhase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The steps of the engine and all state that they change.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class EngineLoop {
  private final ContinuousBatchScheduler scheduler;
  private final DecoderSession session;
  private final SequenceDecoder decoder;
  private final EngineMemory memory;
  private final Map<Sequence, Generation> generations = new HashMap<>();

  EngineLoop(
      ContinuousBatchScheduler scheduler,
      DecoderSession session,
      SequenceDecoder decoder,
      EngineMemory memory) {
    this.scheduler = scheduler;
    this.session = session;
    this.decoder = decoder;
    this.memory = memory;
  }

  boolean isIdle() {
    return scheduler.isIdle();
  }

  void submit(Generation generation) {
    generations.put(generation.sequence(), generation);
    scheduler.submit(generation.sequence());
  }

  void cancel(Generation generation) {
    if (generations.containsKey(generation.sequence())) {
      generation.cancel();
      leave(generation);
    }
  }

  /** One step for every sequence that can take part. A failing backend fails only these. */
  void step() {
    StepPlan plan = scheduler.plan();
    plan.sequences().forEach(sequence -> generation(sequence).start());
    try {
      ForwardBatch batch = plan.batch();
      Logits logits = session.forward(batch);
      note(plan);
      List<StepOutcome> outcomes = decoder.decode(sampled(plan), logits);
      scheduler.commit(plan, outcomes);
      publish(outcomes);
    } catch (BackendException e) {
      plan.sequences().forEach(sequence -> fail(generation(sequence), e));
    }
  }

  /** Fails every generation that has not ended. */
  void failAll(LoquatException cause) {
    List.copyOf(generations.values()).forEach(generation -> fail(generation, cause));
  }

  private void note(StepPlan plan) {
    memory.observePeak();
    if (plan.sampled().stream().anyMatch(sequence -> sequence.newTokens() == 0)) {
      memory.record(MemoryPhase.AFTER_INPUT);
    }
  }

  private List<Generation> sampled(StepPlan plan) {
    return plan.sampled().stream().map(this::generation).toList();
  }

  private void publish(List<StepOutcome> outcomes) {
    for (StepOutcome outcome : outcomes) {
      Generation generation = generation(outcome.sequence());
      if (outcome instanceof StepOutcome.Ended) {
        memory.record(MemoryPhase.AFTER_GENERATE);
        generations.remove(outcome.sequence());
      }
      generation.publish();
    }
  }

  private void fail(Generation generation, LoquatException cause) {
    generation.fail(cause);
    leave(generation);
  }

  private void leave(Generation generation) {
    scheduler.remove(generation.sequence());
    generations.remove(generation.sequence());
    generation.publish();
  }

  private Generation generation(Sequence sequence) {
    return Objects.requireNonNull(generations.get(sequence), "generation");
  }
}
