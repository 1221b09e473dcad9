package dev.loquat.internal.replica;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A replica as the dispatcher sees it: what it was given and has not ended.
 *
 * <p>Not thread-safe but for what never changes: owned by the dispatcher.
 */
final class Member {
  private final int index;
  private final KnownBeginnings beginnings;
  private final Set<Call> calls = new LinkedHashSet<>();
  private volatile Replica replica;
  private boolean isLost;
  private boolean isReviving;
  private long lostNanos;

  Member(int index, Replica replica, int knownBlocks) {
    this.index = index;
    this.replica = replica;
    this.beginnings = new KnownBeginnings(knownBlocks);
  }

  int index() {
    return index;
  }

  Replica replica() {
    return replica;
  }

  boolean isLost() {
    return isLost;
  }

  /** Notes that it takes no more calls, or none until it has been started again. */
  void lose(boolean reviving) {
    isLost = true;
    isReviving = reviving;
    lostNanos = System.nanoTime();
  }

  boolean isReviving() {
    return isReviving;
  }

  void giveUp() {
    isReviving = false;
  }

  /** Puts another replica in its place; tells how long there was none. */
  Duration replace(Replica next) {
    replica = next;
    isLost = false;
    isReviving = false;
    beginnings.forget();
    return Duration.ofNanos(System.nanoTime() - lostNanos);
  }

  void add(Call call) {
    calls.add(call);
    beginnings.add(call.blocks());
  }

  void remove(Call call) {
    calls.remove(call);
  }

  /** The slots that its calls take, and those that wait in it for one. */
  int busySlots() {
    return calls.stream().mapToInt(Call::slots).sum();
  }

  /** Those of a lower priority give way. A call wider than all slots is refused by the engine. */
  boolean hasRoom(Call call, int beyond) {
    int before =
        calls.stream()
            .filter(other -> other.priority() >= call.priority())
            .mapToInt(Call::slots)
            .sum();
    return before == 0 || before + call.slots() <= slots() + beyond;
  }

  int slots() {
    return replica.load().slots();
  }

  /** How much there is to lose in its KV cache. */
  int rememberedBlocks() {
    return beginnings.size();
  }

  int knownBlocks(Call call) {
    return beginnings.count(call.blocks());
  }
}
