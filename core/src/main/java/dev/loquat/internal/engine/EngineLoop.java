package dev.loquat.internal.engine;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.Logits;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.FinishReason;
import dev.loquat.internal.scheduler.ContinuousBatchScheduler;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.memory.MemoryPhase;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
      breakOff(generation, FinishReason.CANCELLED);
    }
  }

  /** Ends generations whose time is over, waiting or running. */
  void endOverdue() {
    generations.values().stream()
        .filter(generation -> generation.nanosLeft() <= 0)
        .toList()
        .forEach(generation -> breakOff(generation, FinishReason.TIMEOUT));
  }

  /** One step for every sequence that can take part. A failing backend fails only one of these. */
  void step() {
    StepPlan plan = scheduler.plan();
    plan.sequences().forEach(sequence -> generation(sequence).start());
    try {
      plan.copies().forEach(copy -> session.copySlot(copy.from(), copy.to(), copy.tokens()));
      Logits logits = session.forward(plan.batch());
      note(plan);
      List<StepOutcome> outcomes = decoder.decode(plan, this::generation, logits);
      scheduler.commit(plan, outcomes);
      publish(outcomes);
    } catch (BackendException e) {
      blame(plan, e);
    }
  }

  /** Fails the generation of a step of its own; others try again, each in a step of its own. */
  private void blame(StepPlan plan, BackendException cause) {
    Set<Generation> generations = new HashSet<>();
    plan.sequences().forEach(sequence -> generations.add(generation(sequence)));
    plan.copies().forEach(copy -> generations.add(generation(copy.sequence())));
    if (generations.size() == 1) {
      generations.forEach(generation -> fail(generation, cause));
    } else {
      scheduler.isolate(plan);
    }
  }

  /** Fails every generation that has not ended. */
  void failAll(LoquatException cause) {
    List.copyOf(generations.values()).forEach(generation -> fail(generation, cause));
  }

  private void note(StepPlan plan) {
    memory.observePeak();
    if (plan.chunks().stream().anyMatch(EngineLoop::endsPrefill)) {
      memory.record(MemoryPhase.AFTER_INPUT);
    }
  }

  private static boolean endsPrefill(StepPlan.Chunk chunk) {
    return chunk.completes() && chunk.sequence().newTokens() == 0;
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

  private void breakOff(Generation generation, FinishReason reason) {
    generation.breakOff(reason);
    leave(generation);
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
