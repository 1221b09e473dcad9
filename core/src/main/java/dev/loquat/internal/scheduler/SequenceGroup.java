package dev.loquat.internal.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A sequence with those that branched off it, and the slots that they share. They step together and
 * give their slots back together.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class SequenceGroup {
  private final List<Sequence> members = new ArrayList<>();
  private final Deque<Integer> spareSlots = new ArrayDeque<>();

  List<Sequence> members() {
    return members;
  }

  Deque<Integer> spareSlots() {
    return spareSlots;
  }

  boolean isBranched() {
    return members.size() > 1;
  }

  /** Whether every member has just its last token to compute. */
  boolean isDecoding() {
    return members.stream().allMatch(Sequence::hasOnlyItsLastTokenPending);
  }
}
