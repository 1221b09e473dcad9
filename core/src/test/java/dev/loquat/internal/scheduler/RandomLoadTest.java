package dev.loquat.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.internal.kvcache.PrefixCache;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random arrivals, priorities, branches, drafts, cancels and failures against a naive cache. */
class RandomLoadTest {
  private static final int VOCABULARY = 3;

  /** One scheduler under load, and what must be true of it after every step. */
  private static final class Load {
    private final Random random;
    private final int slots;
    private final int stepTokens;
    private final PrefixCache cache;
    private final ContinuousBatchScheduler scheduler;
    private final NaiveCache naive;
    private final List<Sequence> alive = new ArrayList<>();
    private final Set<Sequence> ended = new HashSet<>();
    private int submitted;
    private boolean failing = true;

    Load(long seed, int slots, int stepTokens, int keptTokens) {
      random = new Random(seed);
      this.slots = slots;
      this.stepTokens = stepTokens;
      cache = new PrefixCache(slots, keptTokens);
      scheduler = new ContinuousBatchScheduler(cache, stepTokens);
      naive = new NaiveCache(slots);
    }

    /** Prompts over few tokens, so that many begin alike. */
    void submit() {
      int[] prompt = new int[1 + random.nextInt(60)];
      for (int i = 40; i < prompt.length; i++) {
        prompt[i] = random.nextInt(VOCABULARY);
      }
      boolean promptLogits = random.nextInt(8) == 0;
      int lanes = promptLogits ? 1 : 1 + random.nextInt(Math.min(3, slots));
      Sequence sequence = new Sequence(prompt, new Demand(random.nextInt(3), lanes, promptLogits));
      scheduler.submit(sequence);
      alive.add(sequence);
      submitted++;
    }

    void cancel() {
      if (!alive.isEmpty()) {
        end(alive.get(random.nextInt(alive.size())).group());
      }
    }

    private void end(SequenceGroup group) {
      for (Sequence sequence : List.copyOf(group.members())) {
        scheduler.remove(sequence);
        assertThat(alive.remove(sequence)).isTrue();
        assertThat(ended.add(sequence)).isTrue();
      }
    }

    void step() {
      StepPlan plan = scheduler.plan();
      assertThat(plan.chunks()).hasSizeBetween(1, slots);
      assertThat(prefillTokens(plan)).isLessThanOrEqualTo(stepTokens);
      assertThat(plan.copies()).allMatch(copy -> copy.sequence().slot() == copy.to());
      assertPrioritiesFirst(plan);
      naive.run(plan);
      if (failing && random.nextInt(10) == 0) {
        naive.spoil(plan);
        scheduler.isolate(plan);
        endTheOneToBlame(plan);
      } else {
        scheduler.commit(plan, outcomes(plan));
      }
    }

    /** As the engine does: a step with one group fails it. */
    private void endTheOneToBlame(StepPlan plan) {
      Set<SequenceGroup> groups = new HashSet<>();
      plan.sequences().forEach(sequence -> groups.add(sequence.group()));
      plan.copies().stream()
          .map(SlotCopy::sequence)
          .forEach(sequence -> groups.add(sequence.group()));
      if (groups.size() == 1) {
        groups.forEach(this::end);
      }
    }

    /** A prefill that is cut short leaves nothing to one of a lower priority. */
    private static void assertPrioritiesFirst(StepPlan plan) {
      List<StepPlan.Chunk> prefills =
          plan.chunks().stream().filter(chunk -> !chunk.sequence().group().isDecoding()).toList();
      int least = prefills.stream().mapToInt(chunk -> chunk.sequence().priority()).min().orElse(0);
      assertThat(prefills)
          .filteredOn(chunk -> chunk.sequence().priority() > least)
          .allMatch(chunk -> chunk.tokens() == chunk.sequence().prefillTokens());
    }

    private static int prefillTokens(StepPlan plan) {
      return plan.chunks().stream()
          .filter(chunk -> chunk.firstPosition() + 1 < chunk.sequence().length())
          .mapToInt(StepPlan.Chunk::tokens)
          .sum();
    }

    private List<StepOutcome> outcomes(StepPlan plan) {
      List<StepOutcome> outcomes = new ArrayList<>();
      List<StepOutcome> continued = new ArrayList<>();
      for (StepPlan.Chunk chunk : plan.chunks()) {
        if (chunk.completes()) {
          decide(chunk, outcomes, continued);
        }
      }
      outcomes.addAll(continued);
      return outcomes;
    }

    private void decide(
        StepPlan.Chunk chunk, List<StepOutcome> outcomes, List<StepOutcome> continued) {
      Sequence sequence = chunk.sequence();
      boolean last = sequence.newTokens() > 12 || random.nextInt(6) == 0;
      if (last) {
        outcomes.add(0, new StepOutcome.Ended(sequence));
        alive.remove(sequence);
        assertThat(ended.add(sequence)).isTrue();
        return;
      }
      if (sequence.group().members().size() < sequence.demand().slots()
          && sequence.group().members().get(0) == sequence
          && random.nextBoolean()) {
        Sequence branch = sequence.branch();
        outcomes.add(new StepOutcome.Branched(sequence, branch, random.nextInt(VOCABULARY)));
        alive.add(branch);
        submitted++;
      }
      continued.add(new StepOutcome.Continued(sequence, accepted(chunk)));
      if (sequence.demand().slots() == 1) {
        sequence.draft(random.ints(random.nextInt(4), 0, VOCABULARY).toArray());
      }
    }

    private List<Integer> accepted(StepPlan.Chunk chunk) {
      List<Integer> tokens = new ArrayList<>();
      int right = random.nextInt(chunk.drafts() + 1);
      for (int i = 0; i < right; i++) {
        tokens.add(chunk.sequence().draft(i));
      }
      tokens.add(random.nextInt(VOCABULARY));
      return tokens;
    }
  }

  /** Failed while copies for branches that had ended were made, in slots that were others'. */
  @Example
  void aFailedStepSpoilsNoSlotOfASequenceThatIsNotInIt() {
    everySequenceEndsOnceAndEveryStepGoesOnFromWhatTheCacheHolds(4, 4, 1, 18);
    everySequenceEndsOnceAndEveryStepGoesOnFromWhatTheCacheHolds(4, 4, 1, 19);
  }

  @Property(tries = 400)
  void everySequenceEndsOnceAndEveryStepGoesOnFromWhatTheCacheHolds(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int slots,
      @ForAll @IntRange(min = 1, max = 40) int stepTokens,
      @ForAll @IntRange(min = 0, max = 200) int keptTokens) {
    Load load = new Load(seed, slots, stepTokens, keptTokens);
    for (int round = 0; round < 60; round++) {
      if (load.random.nextInt(3) == 0) {
        load.submit();
      }
      if (load.random.nextInt(12) == 0) {
        load.cancel();
      }
      if (!load.scheduler.isIdle()) {
        load.step();
      }
    }
    load.failing = false;
    for (int steps = 0; !load.scheduler.isIdle(); steps++) {
      assertThat(steps).as("steps without an end").isLessThan(20_000);
      load.step();
    }
    assertThat(load.ended).hasSize(load.submitted);
    assertThat(load.alive).isEmpty();
    assertThat(load.cache.freeSlots()).isEqualTo(slots);
  }
}
