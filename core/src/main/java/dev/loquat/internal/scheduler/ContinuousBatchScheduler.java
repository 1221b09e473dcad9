package dev.loquat.internal.scheduler;

import dev.loquat.internal.kvcache.PrefixCache;
import dev.loquat.internal.kvcache.SlotLease;
import dev.loquat.internal.scheduler.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Sequences join whenever a slot is free and leave when they end; prefills run in chunks beside
 * decodes, so that a long prompt does not stall running sequences.
 *
 * <p>The higher priority goes first, then the earlier arrival. Where slots are taken by sequences
 * of a lower priority, those give them up and go on later. Not thread-safe: owned by the engine
 * thread.
 */
public final class ContinuousBatchScheduler {
  /** Waiting for another sequence to compute a beginning in common pays from here on. */
  static final int MIN_AWAITED_TOKENS = 32;

  private static final Comparator<Sequence> FIRST_TO_GO =
      Comparator.comparing(Sequence::priority, Comparator.reverseOrder())
          .thenComparingLong(Sequence::arrival);

  private PrefixCache cache;
  private final StepPlanner planner;
  private final NavigableSet<Sequence> waiting = new TreeSet<>(FIRST_TO_GO);
  private final Set<Sequence> running = new LinkedHashSet<>();
  private final Set<SequenceGroup> suspects = new LinkedHashSet<>();
  private final List<SlotCopy> copies = new ArrayList<>();
  private long arrivals;

  /**
   * Creates a scheduler without sequences.
   *
   * @param cache the slots to hand out
   * @param stepTokens the most tokens of one step that belong to prefills, 1 or more; decodes
   *     always run
   */
  public ContinuousBatchScheduler(PrefixCache cache, int stepTokens) {
    this.cache = cache;
    planner = new StepPlanner(stepTokens);
  }

  /**
   * Takes a sequence in, which waits for its slots.
   *
   * @param sequence a sequence that was not submitted before
   * @throws IllegalArgumentException if it needs more slots than there are
   */
  public void submit(Sequence sequence) {
    if (sequence.demand().slots() > cache.slots()) {
      throw new IllegalArgumentException(
          "The sequence needs "
              + sequence.demand().slots()
              + " slots; the cache has "
              + cache.slots());
    }
    sequence.arrive(arrivals++);
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
    Collection<Sequence> steppers = running;
    if (suspects.isEmpty()) {
      admit();
    } else {
      steppers = suspects.iterator().next().members();
    }
    StepPlan plan = new StepPlan(copies, planner.plan(steppers));
    copies.clear();
    return plan;
  }

  /**
   * Records what a step did: the only change of state by a step.
   *
   * @param plan the plan that ran
   * @param outcomes at least one for each sequence of a chunk that completes
   */
  public void commit(StepPlan plan, List<StepOutcome> outcomes) {
    plan.chunks().forEach(this::commit);
    outcomes.forEach(this::commit);
  }

  /**
   * Takes a sequence out, wherever it is; its slot is free once no branch is left.
   *
   * @param sequence the sequence; one that is not here is ignored
   */
  public void remove(Sequence sequence) {
    if (running.remove(sequence)) {
      leave(sequence);
    } else {
      waiting.remove(sequence);
    }
  }

  /**
   * Records that a step failed, and with it what its slots held and what was to be copied. Its
   * sequences start again, each alone until a step of it succeeds, so that the one to blame shows.
   *
   * @param plan the plan that failed
   */
  public void isolate(StepPlan plan) {
    plan.copies().forEach(copy -> cache.forget(copy.to()));
    plan.chunks().forEach(chunk -> suspect(chunk.sequence()));
    plan.copies().forEach(copy -> suspect(copy.sequence()));
  }

  /**
   * Records that a step failed for a reason that none of its sequences is to blame for. They start
   * again, together.
   *
   * @param plan the plan that failed
   */
  public void restart(StepPlan plan) {
    plan.copies().forEach(copy -> cache.forget(copy.to()));
    plan.chunks().forEach(chunk -> restart(chunk.sequence()));
    plan.copies().forEach(copy -> restart(copy.sequence()));
  }

  /**
   * Goes on with other slots, which hold nothing. Running sequences wait for them and go on from
   * the tokens that they have, branches together.
   *
   * @param slots the new cache
   * @return the sequences that are taken out, since they need more slots than there are
   */
  public List<Sequence> moveTo(PrefixCache slots) {
    List<Sequence> lost =
        Stream.concat(running.stream(), waiting.stream())
            .filter(sequence -> sequence.demand().slots() > slots.slots())
            .toList();
    lost.forEach(this::remove);
    running.stream().map(Sequence::group).distinct().toList().forEach(this::preempt);
    suspects.clear();
    copies.clear();
    cache = slots;
    return lost;
  }

  /**
   * The most slots that a running sequence needs with its branches.
   *
   * @return 0 if none runs
   */
  public int widestDemand() {
    return running.stream().mapToInt(Sequence::slotsNeeded).max().orElse(0);
  }

  /**
   * Forgets what free slots hold for prompts to come.
   *
   * @return the free slots
   */
  public List<Integer> clearFreeSlots() {
    return cache.clearFreeSlots();
  }

  /**
   * The free slots that hold something for prompts to come.
   *
   * @return their numbers; a view
   */
  public Set<Integer> keptSlots() {
    return cache.keptSlots();
  }

  /**
   * How many sequences wait for a slot.
   *
   * @return 0 or more
   */
  public int waitingSequences() {
    return waiting.size();
  }

  /**
   * How many sequences have a slot.
   *
   * @return 0 to the number of slots
   */
  public int runningSequences() {
    return running.size();
  }

  /**
   * How many slots are taken.
   *
   * @return 0 to the number of slots
   */
  public int takenSlots() {
    return cache.slots() - cache.freeSlots();
  }

  private void commit(Chunk chunk) {
    Sequence sequence = chunk.sequence();
    cache.write(sequence.slot(), chunk.firstPosition(), sequence.tokens(chunk.tokens(), 0));
    if (chunk.completes()) {
      suspects.remove(sequence.group());
    }
    sequence.advance(chunk.tokens());
  }

  private void commit(StepOutcome outcome) {
    if (outcome instanceof StepOutcome.Continued continued) {
      continued.tokens().forEach(continued.sequence()::append);
      acceptDrafts(continued.sequence(), continued.tokens().size() - 1);
    } else if (outcome instanceof StepOutcome.Branched branched) {
      branch(branched.sequence(), branched.branch());
      branched.branch().append(branched.token());
    } else if (outcome instanceof StepOutcome.Ended ended) {
      if (ended.spoilt()) {
        cache.forget(ended.sequence().slot());
      }
      remove(ended.sequence());
    }
  }

  private void acceptDrafts(Sequence sequence, int count) {
    if (count > 0) {
      cache.write(sequence.slot(), sequence.cachedLength(), sequence.tokens(count, 0));
      sequence.advance(count);
    }
  }

  private void branch(Sequence sequence, Sequence branch) {
    SequenceGroup group = sequence.group();
    int slot = group.spareSlots().remove();
    int cached = sequence.cachedLength();
    copies.add(new SlotCopy(branch, sequence.slot(), slot, cached));
    cache.copy(sequence.slot(), slot, cached);
    branch.start(slot, cached);
    group.members().add(branch);
    running.add(branch);
  }

  private void leave(Sequence sequence) {
    dropCopy(sequence);
    SequenceGroup group = sequence.group();
    group.members().remove(sequence);
    group.spareSlots().add(sequence.slot());
    sequence.stop();
    if (group.members().isEmpty()) {
      group.spareSlots().forEach(cache::release);
      suspects.remove(group);
    }
  }

  /** A copy that was not made must not be made when the slot is another's. */
  private void dropCopy(Sequence sequence) {
    if (copies.removeIf(copy -> copy.sequence() == sequence)) {
      cache.forget(sequence.slot());
    }
  }

  private void suspect(Sequence sequence) {
    if (restart(sequence)) {
      suspects.add(sequence.group());
    }
  }

  private boolean restart(Sequence sequence) {
    if (!running.contains(sequence)) {
      return false;
    }
    cache.forget(sequence.slot());
    sequence.restart();
    return true;
  }

  private void admit() {
    Sequence next = waiting.isEmpty() ? null : waiting.first();
    while (next != null) {
      Sequence candidate = next;
      next = waiting.higher(candidate);
      if (!isBeingComputed(candidate)) {
        if (!makeRoom(candidate)) {
          return;
        }
        start(candidate);
      }
    }
  }

  /**
   * Whether a running sequence computes a beginning of it, which it should rather copy then; one of
   * a lower priority may take too long.
   */
  private boolean isBeingComputed(Sequence candidate) {
    int cached = cache.cachedTokens(candidate.tokens(), candidate.reusableLength());
    return cache.reuses()
        && running.stream()
            .filter(other -> other.priority() >= candidate.priority())
            .anyMatch(other -> candidate.commonLength(other) - cached >= MIN_AWAITED_TOKENS);
  }

  private boolean makeRoom(Sequence candidate) {
    int missing = candidate.demand().slots() - cache.freeSlots();
    if (missing <= 0) {
      return true;
    }
    List<Sequence> victims =
        running.stream()
            .filter(sequence -> sequence.demand().isPreemptible())
            .filter(sequence -> sequence.priority() < candidate.priority())
            .sorted(FIRST_TO_GO.reversed())
            .limit(missing)
            .toList();
    if (victims.size() < missing) {
      return false;
    }
    victims.forEach(victim -> preempt(victim.group()));
    return true;
  }

  /** Takes slots from a sequence and its branches, of which one waits for all. */
  private void preempt(SequenceGroup group) {
    for (Sequence member : group.members()) {
      running.remove(member);
      cache.release(member.slot());
      member.stop();
    }
    group.spareSlots().forEach(cache::release);
    group.spareSlots().clear();
    waiting.add(group.members().get(0));
  }

  private void start(Sequence sequence) {
    waiting.remove(sequence);
    SequenceGroup group = sequence.group();
    for (Sequence member : group.members()) {
      start(member, cache.acquire(member.tokens(), member.reusableLength()).orElseThrow());
      running.add(member);
    }
    for (int i = group.members().size(); i < sequence.slotsNeeded(); i++) {
      group.spareSlots().add(cache.acquire(sequence.tokens(), 0).orElseThrow().slot());
    }
  }

  private void start(Sequence sequence, SlotLease lease) {
    sequence.start(lease.slot(), lease.reusedTokens());
    if (lease.copies()) {
      copies.add(new SlotCopy(sequence, lease.source(), lease.slot(), lease.reusedTokens()));
    }
  }
}
