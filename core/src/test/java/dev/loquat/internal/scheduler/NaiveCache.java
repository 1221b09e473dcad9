package dev.loquat.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.ForwardRow;
import java.util.ArrayList;
import java.util.List;

/** What the slots of a backend really hold: lists of tokens that steps and copies change. */
final class NaiveCache {
  private static final int GARBAGE = -1;

  private final List<List<Integer>> slots = new ArrayList<>();

  NaiveCache(int count) {
    for (int i = 0; i < count; i++) {
      slots.add(new ArrayList<>());
    }
  }

  /** Runs a step and checks that every row goes on from what its sequence wrote before. */
  void run(StepPlan plan) {
    plan.copies().forEach(this::copy);
    List<ForwardRow> rows = plan.batch().rows();
    for (int i = 0; i < rows.size(); i++) {
      ForwardRow row = rows.get(i);
      List<Integer> slot = slots.get(row.slot());
      assertThat(slot.size()).isGreaterThanOrEqualTo(row.firstPosition());
      slot.subList(row.firstPosition(), slot.size()).clear();
      assertThat(slot).isEqualTo(tokens(plan.chunks().get(i).sequence(), row.firstPosition()));
      for (int j = 0; j < row.length(); j++) {
        slot.add(row.token(j));
      }
    }
  }

  /** A step that failed: nobody knows what its slots hold. */
  void spoil(StepPlan plan) {
    for (ForwardRow row : plan.batch().rows()) {
      slots.get(row.slot()).replaceAll(token -> GARBAGE);
    }
    plan.copies().forEach(copy -> slots.get(copy.to()).replaceAll(token -> GARBAGE));
  }

  private void copy(SlotCopy copy) {
    List<Integer> from = slots.get(copy.from());
    assertThat(from.size()).isGreaterThanOrEqualTo(copy.tokens());
    slots.set(copy.to(), new ArrayList<>(from.subList(0, copy.tokens())));
  }

  private static List<Integer> tokens(Sequence sequence, int length) {
    List<Integer> tokens = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      tokens.add(sequence.token(i));
    }
    return tokens;
  }
}
