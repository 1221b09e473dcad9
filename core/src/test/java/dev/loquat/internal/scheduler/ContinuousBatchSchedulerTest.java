package dev.loquat.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.ForwardRow;
import dev.loquat.internal.kvcache.PrefixCache;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContinuousBatchSchedulerTest {
  private static final int TOKEN = 7;
  private static final long KEEP_ALL = 1_000_000;

  @Test
  void splitsALongPromptAndDecodesBesideIt() {
    ContinuousBatchScheduler scheduler = scheduler(2, 4);
    scheduler.submit(sequence(1));
    step(scheduler);
    scheduler.submit(sequence(1, 2, 3, 4, 5, 6));

    assertThat(shape(scheduler.plan())).containsExactly("slot 0 at 1: 1", "slot 1 at 0: 4 more");
    step(scheduler);
    assertThat(shape(scheduler.plan())).containsExactly("slot 0 at 2: 1", "slot 1 at 4: 2");
  }

  @Test
  void waitsForASlotInTheOrderOfArrival() {
    ContinuousBatchScheduler scheduler = scheduler(1, 8);
    Sequence first = sequence(1);
    Sequence second = sequence(2);
    Sequence third = sequence(3);
    List.of(first, second, third).forEach(scheduler::submit);

    assertThat(scheduler.plan().sequences()).containsExactly(first);
    scheduler.remove(second);
    scheduler.remove(first);
    assertThat(scheduler.plan().sequences()).containsExactly(third);
  }

  @Test
  void letsAShortPromptPassALongOneThatKeepsHalfOfTheStep() {
    ContinuousBatchScheduler scheduler = scheduler(4, 10);
    scheduler.submit(new Sequence(prompt(100, 1), Demand.ORDINARY));
    scheduler.submit(new Sequence(prompt(50, 2), Demand.ORDINARY));
    scheduler.submit(sequence(1, 2, 3));

    assertThat(shape(scheduler.plan()))
        .containsExactly("slot 2 at 0: 3", "slot 1 at 0: 2 more", "slot 0 at 0: 5 more");
  }

  @Test
  void startsBehindABeginningThatAFreeSlotHolds() {
    ContinuousBatchScheduler scheduler = scheduler(2, 100);
    Sequence first = new Sequence(prompt(40, 1), Demand.ORDINARY);
    scheduler.submit(first);
    step(scheduler);
    scheduler.remove(first);
    Sequence second = new Sequence(prompt(41, 1), Demand.ORDINARY);
    scheduler.submit(second);

    StepPlan plan = scheduler.plan();

    assertThat(plan.copies()).isEmpty();
    assertThat(shape(plan)).containsExactly("slot 0 at 40: 1");
    assertThat(second.reusedTokens()).isEqualTo(40);
  }

  @Test
  void copiesABeginningThatARunningSequenceHolds() {
    ContinuousBatchScheduler scheduler = scheduler(2, 100);
    scheduler.submit(new Sequence(prompt(40, 1), Demand.ORDINARY));
    step(scheduler);
    Sequence second = new Sequence(prompt(40, 1), Demand.ORDINARY);
    scheduler.submit(second);

    StepPlan plan = scheduler.plan();

    assertThat(plan.copies()).containsExactly(new SlotCopy(second, 0, 1, 39));
    assertThat(shape(plan)).containsExactly("slot 0 at 40: 1", "slot 1 at 39: 1");
  }

  @Test
  void waitsForABeginningThatARunningSequenceComputes() {
    ContinuousBatchScheduler scheduler = scheduler(3, 20);
    scheduler.submit(new Sequence(prompt(60, 1), Demand.ORDINARY));
    scheduler.submit(new Sequence(prompt(60, 1), Demand.ORDINARY));
    scheduler.submit(sequence(9));

    assertThat(shape(scheduler.plan())).containsExactly("slot 1 at 0: 1", "slot 0 at 0: 19 more");
  }

  @Test
  void waitsForNoSequenceOfALowerPriority() {
    ContinuousBatchScheduler scheduler = scheduler(3, 20);
    scheduler.submit(new Sequence(prompt(60, 1), new Demand(0, 1, false)));
    step(scheduler);
    scheduler.submit(new Sequence(prompt(60, 1), new Demand(1, 1, false)));

    assertThat(shape(scheduler.plan())).first().asString().startsWith("slot 1 at ");
  }

  @Test
  void prefillsOfAHigherPriorityTakeTheStepFirst() {
    ContinuousBatchScheduler scheduler = scheduler(3, 20);
    scheduler.submit(new Sequence(prompt(60, 1), new Demand(0, 1, false)));
    scheduler.submit(new Sequence(prompt(5, 2), new Demand(0, 1, false)));
    scheduler.submit(new Sequence(prompt(30, 3), new Demand(1, 1, false)));

    assertThat(shape(scheduler.plan())).containsExactly("slot 0 at 0: 20 more");
    step(scheduler);
    assertThat(shape(scheduler.plan()))
        .containsExactly("slot 0 at 20: 10", "slot 2 at 0: 5", "slot 1 at 0: 5 more");
  }

  @Test
  void computesEveryPromptWholeWhenNothingIsKept() {
    ContinuousBatchScheduler scheduler = new ContinuousBatchScheduler(new PrefixCache(2, 0), 1000);
    scheduler.submit(new Sequence(prompt(60, 1), Demand.ORDINARY));
    scheduler.submit(new Sequence(prompt(60, 1), Demand.ORDINARY));

    assertThat(shape(scheduler.plan())).containsExactly("slot 1 at 0: 60", "slot 0 at 0: 60");
  }

  @Test
  void givesTheSlotOfALowerPriorityToAHigherAndResumesLater() {
    ContinuousBatchScheduler scheduler = scheduler(1, 100);
    Sequence low = new Sequence(prompt(30, 1), new Demand(0, 1, false));
    Sequence high = new Sequence(prompt(30, 2), new Demand(1, 1, false));
    scheduler.submit(low);
    step(scheduler);
    step(scheduler);
    scheduler.submit(high);

    assertThat(scheduler.plan().sequences()).containsExactly(high);
    scheduler.remove(high);
    assertThat(shape(scheduler.plan())).containsExactly("slot 0 at 0: 32");
  }

  @Test
  void leastPriorityIsLast() {
    ContinuousBatchScheduler scheduler = scheduler(1, 100);
    Sequence least = new Sequence(prompt(3, 1), new Demand(Integer.MIN_VALUE, 1, false));
    Sequence greatest = new Sequence(prompt(3, 2), new Demand(Integer.MAX_VALUE, 1, false));
    Sequence running = sequence(1);
    scheduler.submit(running);
    step(scheduler);
    List.of(least, greatest).forEach(scheduler::submit);

    assertThat(scheduler.plan().sequences()).containsExactly(greatest);
    scheduler.remove(greatest);
    assertThat(scheduler.plan().sequences()).containsExactly(running);
  }

  @Test
  void forgetsTheCopiesOfWhoLeftWithTheSlotsThatItClears() {
    ContinuousBatchScheduler scheduler = scheduler(2, 100);
    Sequence beam = new Sequence(prompt(40, 1), new Demand(0, 2, false));
    scheduler.submit(beam);
    StepPlan plan = scheduler.plan();
    Sequence branch = beam.branch();
    scheduler.commit(plan, List.of(new StepOutcome.Branched(beam, branch, TOKEN), goOn(beam)));
    List.of(beam, branch).forEach(scheduler::remove);

    assertThat(scheduler.clearFreeSlots()).containsExactly(0, 1);
    scheduler.submit(sequence(1));
    assertThat(scheduler.plan().copies()).isEmpty();
  }

  @Test
  void copiesNothingForABranchThatIsGone() {
    ContinuousBatchScheduler scheduler = scheduler(2, 1);
    Sequence beam = new Sequence(prompt(40, 1), new Demand(0, 2, false));
    scheduler.submit(beam);
    for (int i = 1; i < 40; i++) {
      step(scheduler);
    }
    StepPlan last = scheduler.plan();
    Sequence branch = beam.branch();
    scheduler.commit(last, List.of(new StepOutcome.Branched(beam, branch, TOKEN), goOn(beam)));
    List.of(beam, branch).forEach(scheduler::remove);
    Sequence unlike = sequence(1, 2, 3);
    Sequence alike = new Sequence(prompt(41, 1), Demand.ORDINARY);
    List.of(unlike, alike).forEach(scheduler::submit);

    assertThat(scheduler.plan().copies()).isEmpty();
    assertThat(alike.slot()).as("the slot that holds what was computed").isZero();
    assertThat(alike.reusedTokens()).isEqualTo(40);
  }

  @Test
  void doesNotPreemptAnEqual() {
    ContinuousBatchScheduler scheduler = scheduler(1, 100);
    Sequence first = new Sequence(prompt(3, 1), new Demand(1, 1, false));
    scheduler.submit(first);
    step(scheduler);
    scheduler.submit(new Sequence(prompt(3, 2), new Demand(1, 1, false)));

    assertThat(scheduler.plan().sequences()).containsExactly(first);
  }

  @Test
  void runsEverySequenceOfAFailedStepAloneUntilAStepSucceeds() {
    ContinuousBatchScheduler scheduler = scheduler(2, 100);
    Sequence first = sequence(1, 2);
    Sequence second = sequence(3, 4);
    scheduler.submit(first);
    scheduler.submit(second);
    scheduler.isolate(scheduler.plan());

    assertThat(scheduler.plan().sequences()).containsExactly(second);
    step(scheduler);
    assertThat(scheduler.plan().sequences()).containsExactly(first);
    step(scheduler);
    assertThat(scheduler.plan().sequences()).containsExactly(first, second);
  }

  @Test
  void asksForLogitsOfDraftsAndGoesOnBehindThoseThatWereRight() {
    ContinuousBatchScheduler scheduler = scheduler(1, 100);
    Sequence sequence = sequence(1, 2);
    scheduler.submit(sequence);
    step(scheduler);
    sequence.draft(8, 9, 10);

    StepPlan plan = scheduler.plan();
    assertThat(plan.batch().rows().get(0).length()).isEqualTo(4);
    assertThat(plan.batch().logitsRows()).isEqualTo(4);
    scheduler.commit(plan, List.of(new StepOutcome.Continued(sequence, List.of(8, 9, 11))));

    assertThat(shape(scheduler.plan())).containsExactly("slot 0 at 5: 1");
    assertThat(sequence.length()).isEqualTo(6);
  }

  @Test
  void asksForAllLogitsOfAScoredPromptInBoundedChunks() {
    ContinuousBatchScheduler scheduler = scheduler(1, 100);
    scheduler.submit(new Sequence(prompt(70, 1), new Demand(0, 1, true)));

    StepPlan first = scheduler.plan();
    assertThat(first.batch().logitsRows()).isEqualTo(StepPlanner.MAX_LOGITS_ROWS);
    scheduler.commit(first, List.of());
    assertThat(scheduler.plan().batch().logitsRows()).isEqualTo(6);
  }

  @Test
  void refusesASequenceThatNeedsMoreSlotsThanThereAre() {
    assertThatThrownBy(
            () -> scheduler(2, 4).submit(new Sequence(new int[] {1}, new Demand(0, 3, false))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The sequence needs 3 slots; the cache has 2");
  }

  private static ContinuousBatchScheduler scheduler(int slots, int stepTokens) {
    return new ContinuousBatchScheduler(new PrefixCache(slots, KEEP_ALL), stepTokens);
  }

  private static Sequence sequence(int... prompt) {
    return new Sequence(prompt, Demand.ORDINARY);
  }

  private static int[] prompt(int length, int seed) {
    return IntStream.range(0, length).map(i -> seed * 1000 + i).toArray();
  }

  private static void step(ContinuousBatchScheduler scheduler) {
    StepPlan plan = scheduler.plan();
    List<StepOutcome> outcomes = new ArrayList<>();
    plan.chunks().stream()
        .filter(StepPlan.Chunk::completes)
        .forEach(chunk -> outcomes.add(goOn(chunk.sequence())));
    scheduler.commit(plan, outcomes);
  }

  private static StepOutcome goOn(Sequence sequence) {
    return new StepOutcome.Continued(sequence, List.of(TOKEN));
  }

  private static List<String> shape(StepPlan plan) {
    return plan.batch().rows().stream().map(ContinuousBatchSchedulerTest::shape).toList();
  }

  private static String shape(ForwardRow row) {
    String rest = row.logitsCount() == 0 ? " more" : "";
    return "slot " + row.slot() + " at " + row.firstPosition() + ": " + row.length() + rest;
  }
}
