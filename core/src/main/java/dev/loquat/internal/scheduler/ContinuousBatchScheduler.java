package dev.loquat.internal.scheduler;

import dev.loquat.internal.kvcache.SlotPool;
import dev.loquat.internal.scheduler.StepPlan.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Sequences join whenever a slot is free and leave when they end; prefills run in chunks beside
 * decodes, so that a long prompt does not stall running sequences.
 *
 * <p>First come, first served. Not thread-safe: owned by the engine thread.
 */
public final class ContinuousBatchScheduler {
  private final SlotPool slots;
  private final int stepTokens;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final Set<Sequence> running = new LinkedHashSet<>();

  /**
   * Creates a scheduler without sequences.
   *
   * @param slots the slots to hand out
   * @param stepTokens the most tokens of one step that belong to prefills, 1 or more; decodes
   *     always run
   */
  public ContinuousBatchScheduler(SlotPool slots, int stepTokens) {
    if (stepTokens < 1) {
      throw new IllegalArgumentException("stepTokens is " + stepTokens + "; expected 1 or more");
    }
    this.slots = slots;
    this.stepTokens = stepTokens;
  }

  /**
   * Takes a sequence in, which waits for a slot.
   *
   * @param sequence a sequence that was not submitted before
   */
  public void submit(Sequence sequence) {
    waiting.add(sequence);
  }

  /**
   * Whether there is nothing to do.
   *
   * @return true if no sequence waits or runs
   */
  public boolean isIdle() {
    return waiting.isEmpty() && running.isEmpty();
  }

  /**
   * Lets waiting sequences take free slots, then plans the next step.
   *
   * @return the decodes, then as many prefill tokens as a step takes; not empty unless idle
   */
  public StepPlan plan() {
    admit();
    List<Chunk> chunks = new ArrayList<>();
    planDecodes(chunks);
    planPrefills(chunks);
    return new StepPlan(chunks);
  }

  /**
   * Records what a step did: the only change of state by a step.
   *
   * @param plan the plan that ran
   * @param outcomes one for each of {@link StepPlan#sampled}
   */
  public void commit(StepPlan plan, List<StepOutcome> outcomes) {
    plan.chunks().forEach(chunk -> chunk.sequence().advance(chunk.tokens()));
    for (StepOutcome outcome : outcomes) {
      if (outcome instanceof StepOutcome.Continued continued) {
        continued.sequence().append(continued.token());
      } else {
        remove(outcome.sequence());
      }
    }
  }

  /**
   * Takes a sequence out, wherever it is; its slot is free at once.
   *
   * @param sequence the sequence; one that is not here is ignored
   */
  public void remove(Sequence sequence) {
    if (running.remove(sequence)) {
      slots.release(sequence.slot());
      sequence.stop();
    } else {
      waiting.remove(sequence);
    }
  }

  private void admit() {
    while (!waiting.isEmpty()) {
      OptionalInt slot = slots.acquire();
      if (slot.isEmpty()) {
        return;
      }
      Sequence sequence = waiting.remove();
      sequence.start(slot.getAsInt());
      running.add(sequence);
    }
  }

  private void planDecodes(List<Chunk> chunks) {
    running.stream()
        .filter(Sequence::isDecoding)
        .forEach(sequence -> chunks.add(new Chunk(sequence, 1, true)));
  }

  private void planPrefills(List<Chunk> chunks) {
    int budget = stepTokens;
    for (Sequence sequence : running) {
      if (budget == 0) {
        return;
      }
      if (!sequence.isDecoding()) {
        int tokens = Math.min(budget, sequence.pendingTokens());
        chunks.add(new Chunk(sequence, tokens, tokens == sequence.pendingTokens()));
        budget -= tokens;
      }
    }
  }
}
