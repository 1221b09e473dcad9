package dev.loquat.internal.engine;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.Logits;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.error.SamplingException;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.FinishReason;
import dev.loquat.internal.kvcache.PrefixCache;
import dev.loquat.internal.scheduler.ContinuousBatchScheduler;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.SlotCopy;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.observation.OutOfMemoryReport;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The steps of the engine and all state that they change.
 *
 * <p>Not thread-safe but for {@link #load}: owned by the engine thread.
 */
final class EngineLoop {
  private final ContinuousBatchScheduler scheduler;
  private final StepRunner runner;
  private final long keptTokens;
  private final StepLadder ladder;
  private final SequenceDecoder decoder;
  private final Drafting drafting;
  private final EngineMemory memory;
  private final Observers observers;
  private final Map<Sequence, Generation> generations = new HashMap<>();
  private final Deadlines deadlines = new Deadlines();

  /** Written before the ends that it shows are told to their readers. */
  private volatile EngineLoad load;

  EngineLoop(
      ContinuousBatchScheduler scheduler,
      StepRunner runner,
      SequenceDecoder decoder,
      Drafting drafting,
      EngineMemory memory,
      Observers observers,
      EngineSettings settings) {
    this.scheduler = scheduler;
    this.runner = runner;
    this.decoder = decoder;
    this.drafting = drafting;
    this.memory = memory;
    this.observers = observers;
    keptTokens = settings.limits().keptTokens();
    ladder = new StepLadder(settings.outOfMemory());
    load = new EngineLoad(0, 0, 0, slots());
    memory.countKept(this::keptBytes);
  }

  /** How busy it is; safe for any thread. */
  EngineLoad load() {
    return load;
  }

  boolean isIdle() {
    return scheduler.isIdle();
  }

  private long keptBytes() {
    return scheduler.keptSlots().stream().mapToLong(runner::slotBytes).sum();
  }

  /** Drops what is in no sequence's slot, so that the backend may give its memory back. */
  void clearFreeSlots() {
    scheduler.clearFreeSlots().forEach(runner::clear);
    drafting.forget();
  }

  void submit(Generation generation) {
    Sequence sequence = generation.sequences().get(0);
    generations.put(sequence, generation);
    deadlines.add(generation);
    generation.submission().beforeEnd(() -> observers.ended(generation));
    if (sequence.slotsNeeded() > slots()) {
      fail(generation, tooWide(sequence));
      return;
    }
    scheduler.submit(sequence);
    load = observed();
  }

  void cancel(Generation generation) {
    if (generations.containsKey(generation.sequences().get(0))) {
      breakOff(generation, FinishReason.CANCELLED);
    }
  }

  /** Ends generations whose time is over, waiting or running. */
  void endOverdue() {
    deadlines.overdue().forEach(generation -> breakOff(generation, FinishReason.TIMEOUT));
  }

  /** One step for every sequence that can take part. A failing backend fails only one of these. */
  void step() {
    clearInterrupt();
    observers.stepStarts();
    StepPlan plan = scheduler.plan();
    load = observed();
    plan.sequences().forEach(sequence -> generation(sequence).submission().start());
    Logits logits;
    try {
      logits = runner.run(plan);
    } catch (OutOfMemoryException e) {
      relieve(plan, e);
      return;
    } catch (LoquatException e) {
      blame(plan, e);
      return;
    }
    note(plan);
    List<StepOutcome> outcomes = decoder.decode(plan, this::generation, logits);
    clearSpoilt(outcomes);
    scheduler.commit(plan, outcomes);
    publish(outcomes);
    clearInterrupt();
    drafting.draft(goingOn(outcomes));
    stepEnds(plan, decoder.newTokens(), false);
  }

  /** What is no number in a slot must not get to the next sequence there. */
  private void clearSpoilt(List<StepOutcome> outcomes) {
    for (StepOutcome outcome : outcomes) {
      if (outcome instanceof StepOutcome.Ended ended && ended.spoilt()) {
        runner.clear(ended.sequence().slot());
      }
    }
  }

  private void stepEnds(StepPlan plan, int newTokens, boolean failed) {
    observers.stepEnds(plan, load, memory.deviceBytes(), runner.deviceTime(), newTokens, failed);
  }

  /** What callers have run here may leave an interrupt, which is not meant for the backend. */
  private static void clearInterrupt() {
    boolean unused = Thread.interrupted();
  }

  /** Takes a rung for the step, and blames a sequence if none is left. */
  private void relieve(StepPlan plan, OutOfMemoryException cause) {
    Optional<OutOfMemoryRung> rung = ladder.next(plan, slots());
    if (rung.isEmpty()) {
      blame(plan, ladder.exhausted(cause));
      return;
    }
    stepEnds(plan, 0, true);
    String change = rung.get() == OutOfMemoryRung.SMALLER_BATCH ? shrink(cause) : freeCaches(plan);
    load = observed();
    ladder.took(rung.get(), change);
    observers.relieved(
        new OutOfMemoryReport(rung.get(), change, String.valueOf(cause.getMessage()), false));
  }

  private String freeCaches(StepPlan plan) {
    scheduler.restart(plan);
    clearFreeSlots();
    memory.emptyCaches();
    return "kept beginnings and buffers given back";
  }

  /** Running sequences begin again in a cache of half the slots, or as many as can be had. */
  private String shrink(OutOfMemoryException cause) {
    int before = slots();
    int after = reopen(fewer(before));
    List<Sequence> lost = scheduler.moveTo(new PrefixCache(after, keptTokens));
    lost.stream()
        .filter(generations::containsKey)
        .map(this::generation)
        .distinct()
        .forEach(generation -> fail(generation, ladder.exhausted(cause)));
    drafting.forget();
    return "batch " + before + " to " + after;
  }

  /** Half of the slots; as many as the widest generation that runs needs, if those are fewer. */
  private int fewer(int slots) {
    int widest = scheduler.widestDemand();
    return widest < slots ? Math.max(slots / 2, widest) : slots / 2;
  }

  private int reopen(int slots) {
    try {
      runner.reopen(new CacheLayout(slots, runner.layout().contextLength()));
      return slots;
    } catch (OutOfMemoryException e) {
      if (slots == 1) {
        throw e;
      }
      return reopen(slots / 2);
    }
  }

  private int slots() {
    return runner.layout().slots();
  }

  /** Fails the generation of a step of its own; others try again, each in a step of its own. */
  private void blame(StepPlan plan, LoquatException cause) {
    int slot = plan.batch().rows().get(0).slot();
    stepEnds(plan, 0, true);
    Set<Generation> taking =
        Stream.concat(plan.sequences().stream(), plan.copies().stream().map(SlotCopy::sequence))
            .map(this::generation)
            .collect(Collectors.toSet());
    scheduler.isolate(plan);
    if (taking.size() == 1) {
      taking.forEach(generation -> generation.submission().fail(cause));
      requireAlive(slot, cause);
      taking.forEach(this::leave);
    }
  }

  /**
   * If not even one token can be computed, no generation was to blame. All are told when the engine
   * has ended.
   */
  private void requireAlive(int slot, LoquatException cause) {
    if (!runner.isAlive(slot)) {
      throw new BackendException(
          "The backend computes nothing any more, so the engine stopped. Close the model and load it"
              + " again. Before: "
              + cause.getMessage(),
          cause);
    }
  }

  /** Fails every generation that has not ended. */
  void failAll(LoquatException cause) {
    for (Generation generation : Set.copyOf(generations.values())) {
      fail(generation, cause);
    }
  }

  private OutOfMemoryException tooWide(Sequence sequence) {
    return new OutOfMemoryException(
        "The generation needs "
            + sequence.slotsNeeded()
            + " slots; for lack of memory only "
            + slots()
            + " are left. Use fewer beams or samples, or load the model again.",
        OutOfMemoryException.UNKNOWN,
        OutOfMemoryException.UNKNOWN);
  }

  private void note(StepPlan plan) {
    boolean prefills = plan.chunks().stream().anyMatch(chunk -> chunk.sequence().newTokens() == 0);
    memory.observe(prefills ? MemoryPhase.AFTER_INPUT : MemoryPhase.AFTER_GENERATE);
    if (plan.chunks().stream().anyMatch(EngineLoop::endsPrefill)) {
      memory.record(MemoryPhase.AFTER_INPUT);
    }
  }

  private static boolean endsPrefill(StepPlan.Chunk chunk) {
    return chunk.completes() && chunk.sequence().newTokens() == 0;
  }

  private void publish(List<StepOutcome> outcomes) {
    load = observed();
    Set<Generation> changed = new LinkedHashSet<>();
    for (StepOutcome outcome : outcomes) {
      Generation generation = generation(outcome.sequence());
      changed.add(generation);
      if (outcome instanceof StepOutcome.Branched branched) {
        generations.put(branched.branch(), generation);
      } else if (outcome instanceof StepOutcome.Ended) {
        memory.record(MemoryPhase.AFTER_GENERATE);
        generations.remove(outcome.sequence());
        ladder.forget(outcome.sequence());
      }
    }
    changed.forEach(this::publish);
  }

  private List<Generation> goingOn(List<StepOutcome> outcomes) {
    return outcomes.stream()
        .filter(StepOutcome.Continued.class::isInstance)
        .map(StepOutcome::sequence)
        .filter(generations::containsKey)
        .map(this::generation)
        .distinct()
        .toList();
  }

  private void breakOff(Generation generation, FinishReason reason) {
    boolean unused = attempt(generation, () -> generation.breakOff(reason));
    leave(generation);
  }

  private void fail(Generation generation, LoquatException cause) {
    generation.submission().fail(cause);
    leave(generation);
  }

  private void leave(Generation generation) {
    remove(generation);
    publish(generation);
  }

  private void remove(Generation generation) {
    for (Sequence sequence : generation.sequences()) {
      scheduler.remove(sequence);
      generations.remove(sequence);
      ladder.forget(sequence);
    }
    load = observed();
  }

  /**
   * What can't be done for one generation, such as turning its tokens into text, fails that one.
   */
  private static boolean attempt(Generation generation, Runnable part) {
    try {
      part.run();
      return true;
    } catch (Throwable e) {
      generation.submission().fail(Faults.typed(e, EngineLoop::failed));
      return false;
    }
  }

  private static LoquatException failed(Throwable cause) {
    return new SamplingException("The text could not be written: " + cause + ". Report it.", cause);
  }

  private void publish(Generation generation) {
    if (!attempt(generation, generation::publish)) {
      remove(generation);
      generation.publish();
    }
    if (!generations.containsKey(generation.sequences().get(0))) {
      deadlines.remove(generation);
    }
  }

  private EngineLoad observed() {
    return new EngineLoad(
        scheduler.runningSequences(),
        scheduler.waitingSequences(),
        scheduler.takenSlots(),
        slots());
  }

  private Generation generation(Sequence sequence) {
    return Objects.requireNonNull(generations.get(sequence), "generation");
  }
}
