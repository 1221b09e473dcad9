package dev.loquat.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.ForwardRow;
import dev.loquat.internal.kvcache.SlotPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ContinuousBatchSchedulerTest {
  private static final int TOKEN = 7;

  @Test
  void splitsALongPromptAndDecodesBesideIt() {
    ContinuousBatchScheduler scheduler = new ContinuousBatchScheduler(new SlotPool(2), 4);
    Sequence running = new Sequence(new int[] {1});
    scheduler.submit(running);
    step(scheduler);
    Sequence late = new Sequence(new int[] {1, 2, 3, 4, 5, 6});
    scheduler.submit(late);

    assertThat(shape(scheduler.plan())).containsExactly("slot 0 at 1: 1", "slot 1 at 0: 4 more");
    step(scheduler);
    assertThat(shape(scheduler.plan())).containsExactly("slot 0 at 2: 1", "slot 1 at 4: 2");
  }

  @Test
  void waitsForASlotInTheOrderOfArrival() {
    ContinuousBatchScheduler scheduler = new ContinuousBatchScheduler(new SlotPool(1), 8);
    Sequence first = new Sequence(new int[] {1});
    Sequence second = new Sequence(new int[] {2});
    Sequence third = new Sequence(new int[] {3});
    List.of(first, second, third).forEach(scheduler::submit);

    assertThat(scheduler.plan().sequences()).containsExactly(first);
    scheduler.remove(second);
    scheduler.remove(first);
    assertThat(scheduler.plan().sequences()).containsExactly(third);
  }

  /**
   * Runs prompts of random lengths that end after random numbers of tokens, and checks every step
   * against what a cache would hold.
   */
  @Property(tries = 300)
  void computesEveryTokenOfEverySequenceOnceInOrder(
      @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 20) Integer> promptLengths,
      @ForAll @IntRange(min = 1, max = 4) int slots,
      @ForAll @IntRange(min = 1, max = 9) int stepTokens) {
    SlotPool pool = new SlotPool(slots);
    ContinuousBatchScheduler scheduler = new ContinuousBatchScheduler(pool, stepTokens);
    Map<Sequence, Integer> computed = new HashMap<>();
    for (int length : promptLengths) {
      Sequence sequence = new Sequence(new int[length]);
      computed.put(sequence, 0);
      scheduler.submit(sequence);
    }
    Set<Sequence> ended = new HashSet<>();
    while (!scheduler.isIdle()) {
      StepPlan plan = scheduler.plan();
      assertThat(plan.chunks()).hasSizeBetween(1, slots);
      for (StepPlan.Chunk chunk : plan.chunks()) {
        assertThat(chunk.row().firstPosition()).isEqualTo(computed.get(chunk.sequence()));
        computed.merge(chunk.sequence(), chunk.tokens(), Integer::sum);
      }
      assertThat(prefillTokens(plan)).isLessThanOrEqualTo(stepTokens);
      List<StepOutcome> outcomes = new ArrayList<>();
      for (Sequence sequence : plan.sampled()) {
        assertThat(computed.get(sequence)).isEqualTo(sequence.length());
        boolean ends = sequence.newTokens() == sequence.promptLength() % 3;
        outcomes.add(
            ends ? new StepOutcome.Ended(sequence) : new StepOutcome.Continued(sequence, TOKEN));
        if (ends) {
          assertThat(ended.add(sequence)).isTrue();
        }
      }
      scheduler.commit(plan, outcomes);
    }
    assertThat(ended).isEqualTo(computed.keySet());
    assertThat(pool.takenSlots()).isZero();
  }

  private static int prefillTokens(StepPlan plan) {
    return plan.chunks().stream()
        .filter(chunk -> chunk.sequence().newTokens() == 0)
        .mapToInt(StepPlan.Chunk::tokens)
        .sum();
  }

  private static void step(ContinuousBatchScheduler scheduler) {
    StepPlan plan = scheduler.plan();
    List<StepOutcome> outcomes = new ArrayList<>();
    plan.sampled().forEach(sequence -> outcomes.add(new StepOutcome.Continued(sequence, TOKEN)));
    scheduler.commit(plan, outcomes);
  }

  private static List<String> shape(StepPlan plan) {
    return plan.batch().rows().stream().map(ContinuousBatchSchedulerTest::shape).toList();
  }

  private static String shape(ForwardRow row) {
    String rest = row.logitsCount() == 0 ? " more" : "";
    return "slot " + row.slot() + " at " + row.firstPosition() + ": " + row.length() + rest;
  }
}
